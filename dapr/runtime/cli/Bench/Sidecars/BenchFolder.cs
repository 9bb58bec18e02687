using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>What one sidecar under measurement reads and writes, gone afterwards. It lies where the data of `up` does, since a temporary
/// folder may be in memory, where "on disk" costs nothing.</summary>
internal sealed class BenchFolder : IDisposable
{
    public const string EmbeddedPubSub =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.embedded
          version: v1
          metadata:
          - name: path
            value: "DIR/broker"
        """;

    public const string InMemoryPubSub =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.in-memory
          version: v1
          metadata: []
        """;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private BenchFolder(string path) => Path = path;

    public string Path { get; }

    public string Resources => System.IO.Path.Combine(Path, "resources");

    public string Configuration => System.IO.Path.Combine(Path, "config.yaml");

    public static BenchFolder Make(MeshContext context, string component)
    {
        var usual = DataFolder.At(context.Root, null).Path;
        Directory.CreateDirectory(usual, OwnerOnly);
        var folder = new BenchFolder(System.IO.Path.Combine(usual, "bench-" + System.IO.Path.GetRandomFileName()[..8]));
        Directory.CreateDirectory(folder.Resources, OwnerOnly);
        File.WriteAllText(System.IO.Path.Combine(folder.Resources, "pubsub.yaml"), component.Replace("DIR", folder.Path, StringComparison.Ordinal));
        File.WriteAllText(
            System.IO.Path.Combine(folder.Resources, "store.yaml"),
            $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: store
            spec:
              type: state.sqlite
              version: v1
              metadata:
              - name: connectionString
                value: "{folder.Path}/state.db"
            """);
        File.WriteAllText(
            folder.Configuration,
            $"""
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata:
              name: config
            spec:
              nameResolution:
                component: sqlite
                version: v1
                configuration:
                  connectionString: "{folder.Path}/names.db"
            """);
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
