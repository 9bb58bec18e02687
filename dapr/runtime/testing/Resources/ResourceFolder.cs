using System.Reflection;
using System.Text.RegularExpressions;

namespace HmsMesh.Testing.Resources;

/// <summary>The resource files of a mesh, in a folder of its own.</summary>
internal static partial class ResourceFolder
{
    private const string EmbeddedComponents = "components/embedded";

    /// <summary>Copies the repository's components for the embedded runtime, and what they are delivered by.</summary>
    public static void Copy(string? source, string target)
    {
        var (components, resiliency) = source is not null ? (source, null) : FromRepository();
        foreach (var file in Directory.EnumerateFiles(components, "*.yaml"))
            CopyFile(file, target);
        if (resiliency is not null)
            CopyFile(resiliency, target);
    }

    /// <summary>A pub/sub component that every service of the mesh may use, for services that are in no generated scope.</summary>
    public static void WriteOpenPubSub(string target) => File.WriteAllText(
        Path.Combine(target, "pubsub.yaml"),
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.embedded
          version: v1
          metadata:
            - name: deduplication
              value: 24h
        """);

    /// <summary>What a service that was written in place hears.</summary>
    public static void WriteSubscriptions(string target, string appId, IEnumerable<string> topics)
    {
        var documents = topics.Select(topic => $"""
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: {appId}-{topic.Replace('.', '-')}
            spec:
              pubsubname: pubsub
              topic: {topic}
              routes:
                default: /events/{topic}
              deadLetterTopic: {appId}.dead
            scopes:
              - {appId}
            """);
        File.WriteAllText(Path.Combine(target, $"subscriptions-{appId}.yaml"), string.Join("\n---\n", documents) + "\n");
    }

    /// <summary>The folders that a component names go from where it was.</summary>
    private static void CopyFile(string file, string target)
    {
        var home = Path.GetDirectoryName(Path.GetFullPath(file))!;
        File.WriteAllText(
            Path.Combine(target, Path.GetFileName(file)),
            ContractsFolders().Replace(File.ReadAllText(file), found => $"{found.Groups["head"].Value}'{Moved(found.Groups["folders"].Value)}'"));

        string Moved(string folders) => string.Join(", ", folders.Split(',', StringSplitOptions.TrimEntries).Select(folder => Path.GetFullPath(folder, home)));
    }

    [GeneratedRegex(
        @"(?<head>name: contracts\s+value: )(?<quote>'?)(?<folders>[^'\r\n]+)\k<quote>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ContractsFolders();

    private static (string Components, string? Resiliency) FromRepository()
    {
        foreach (var root in Roots())
        {
            var components = Path.Combine(root, EmbeddedComponents);
            if (Directory.Exists(components))
            {
                var resiliency = Path.Combine(root, "dapr", "resiliency.yaml");
                return (components, File.Exists(resiliency) ? resiliency : null);
            }
        }

        throw new InvalidOperationException($"No folder {EmbeddedComponents} was found here or above; name one with MeshBuilder.Resources.");
    }

    private static IEnumerable<string> Roots()
    {
        var known = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "RepositoryRoot");
        if (known?.Value is { } root)
            yield return root;
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                yield return folder.FullName;
        }
    }
}
