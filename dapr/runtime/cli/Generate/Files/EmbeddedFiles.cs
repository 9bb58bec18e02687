using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>components/embedded: what `mesh up` runs on, with nothing but the .NET SDK.</summary>
internal static class EmbeddedFiles
{
    private const string Folder = "components/embedded";

    public static IEnumerable<GeneratedFile> Of(MeshModel mesh)
    {
        var apps = mesh.Services.Select(s => s.AppId).ToList();
        var pubsub = new YamlMap { { "deduplication", mesh.Delivery.Deduplication }, { "retention", mesh.Delivery.Retention }, { "contracts", Contracts(mesh) } };
        TopicScopes.AddTo(pubsub, mesh);
        yield return Component("pubsub", "The durable log of the data folder.",
            Resource.Component(Resource.PubSub, "pubsub.embedded", pubsub, TopicScopes.Apps(mesh)));
        yield return Component("statestore", "One file for all apps; Dapr puts the app id before each key. 'mesh up' names it by MESH_STATE: it lies in the data folder.",
            Resource.Component(Resource.StateStore, "state.sqlite", FromEnvironment("connectionString", "MESH_STATE"), apps));
        yield return Component("secretstore", "'mesh up' makes the file in the data folder, readable by its owner alone, and names it by MESH_SECRETS.",
            Resource.Component(Resource.SecretStore, "secretstores.local.file", FromEnvironment("secretsFile", "MESH_SECRETS"), apps));
        foreach (var file in EndpointFiles.Of(mesh, Folder).Concat(SubscriptionFiles.Of(mesh, Folder)))
            yield return file;
    }

    // From this folder: each service's contracts/ lies below one of them.
    private static string Contracts(MeshModel mesh) =>
        string.Join(", ", mesh.Services.Select(service => $"../../{service.Folder.Split('/')[0]}").Distinct(StringComparer.Ordinal).OrderDescending(StringComparer.Ordinal));

    private static GeneratedFile Component(string name, string comment, YamlMap component) =>
        new($"{Folder}/{name}.yaml", YamlText.Write([GeneratedFile.Header, comment], component));

    private static YamlMap FromEnvironment(string metadata, string variable) => new() { { metadata, new YamlMap { { "envRef", variable } } } };
}
