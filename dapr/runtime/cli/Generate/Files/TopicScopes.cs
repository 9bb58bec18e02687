using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>Who may say and who may hear which topic, as metadata of a pub/sub component.</summary>
internal static class TopicScopes
{
    public static void AddTo(YamlMap metadata, MeshModel mesh)
    {
        // Every app is named in both scopes, if only with nothing: to Dapr, an app that a scope leaves out may do everything.
        // Protected topics close the same gap for apps that are in no file of ours.
        var all = string.Join(',', mesh.Topics.Concat(mesh.DeadLetterTopics));
        if (all.Length > 0)
        {
            metadata.Add("allowedTopics", all);
            metadata.Add("protectedTopics", all);
        }

        metadata.Add("publishingScopes", Scopes(mesh.Services.Select(s => (s.AppId, MaySay(s))).Append((AppName.Mesh, mesh.Topics))));
        metadata.Add("subscriptionScopes", Scopes(mesh.Services.Select(s => (s.AppId, mesh.HeardBy(s))).Append((AppName.Mesh, []))));
    }

    /// <summary>Everybody who may use the component at all.</summary>
    public static IReadOnlyList<string> Apps(MeshModel mesh) => [.. mesh.Services.Select(s => s.AppId), AppName.Mesh];

    // A subscriber that may not publish its dead letter topic loses the dead letter on daprd.
    private static IReadOnlyList<string> MaySay(ServiceModel service)
    {
        var said = service.Says.Select(s => s.Topic);
        return [.. service.Hears.Count > 0 ? said.Append(service.DeadLetterTopic) : said];
    }

    private static string Scopes(IEnumerable<(string App, IReadOnlyList<string> Topics)> scopes) =>
        string.Join(';', scopes.Select(scope => $"{scope.App}={string.Join(',', scope.Topics)}"));
}
