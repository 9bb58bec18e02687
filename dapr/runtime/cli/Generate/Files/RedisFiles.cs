using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>components/redis: what `dapr run -f dapr/dapr.yaml` runs on.</summary>
internal static class RedisFiles
{
    private const string Folder = "components/redis";
    private const string Host = "localhost:6379";

    public static IEnumerable<GeneratedFile> Of(MeshModel mesh)
    {
        var apps = mesh.Services.Select(s => s.AppId).ToList();
        var pubsub = Connection();
        pubsub.Add("processingTimeout", GoDuration.Write(ProcessingTimeout(mesh.Delivery)));
        pubsub.Add("redeliverInterval", "30s");
        pubsub.Add("streamTTL", mesh.Delivery.Retention);
        TopicScopes.AddTo(pubsub, mesh);
        yield return Component(
            "pubsub",
            ["Redis streams. An event that is being retried is not taken for lost: processingTimeout is longer than all retries of dapr/resiliency.yaml."],
            Resource.Component(Resource.PubSub, "pubsub.redis", pubsub, TopicScopes.Apps(mesh), secrets: true));
        yield return Component("statestore", ["One database for all apps; Dapr puts the app id before each key."],
            Resource.Component(Resource.StateStore, "state.redis", Connection(), apps, secrets: true));
        yield return Component("secretstore", ["The sidecar's environment: REDIS_PASSWORD, empty where Redis asks for none."],
            Resource.Component(Resource.SecretStore, "secretstores.local.env", [], TopicScopes.Apps(mesh)));
        foreach (var file in EndpointFiles.Of(mesh, Folder).Concat(SubscriptionFiles.Of(mesh, Folder)))
            yield return file;
    }

    /// <summary>The tries themselves take time too: half a minute for them.</summary>
    public static TimeSpan ProcessingTimeout(DeliverySettings delivery) =>
        TimeSpan.FromSeconds(Math.Ceiling(delivery.Retry.Longest.TotalSeconds) + 30);

    private static YamlMap Connection() => new()
    {
        { "redisHost", Host },
        { "redisPassword", new YamlMap { { "secretKeyRef", new YamlMap { { "name", "REDIS_PASSWORD" }, { "key", "REDIS_PASSWORD" } } } } },
    };

    private static GeneratedFile Component(string name, IEnumerable<string> comment, YamlMap component) =>
        new($"{Folder}/{name}.yaml", YamlText.Write([GeneratedFile.Header, .. comment], component));
}
