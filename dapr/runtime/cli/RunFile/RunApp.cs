using HmsMesh.Sidecar;

namespace HmsMesh.Cli.RunFile;

/// <summary>One app of the run file, its own settings laid over the common ones; paths are whole.</summary>
internal sealed record RunApp
{
    public required string AppId { get; init; }

    public required string Folder { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The port that `dapr run` uses; `mesh up` gives another, and puts it into addresses that name this one.</summary>
    public int? DeclaredPort { get; init; }

    /// <summary>Where in the file the app begins, for messages.</summary>
    public required string Place { get; init; }

    /// <summary>The folders of its resources, in order.</summary>
    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public string? ConfigPath { get; init; }

    public string AppProtocol { get; init; } = "http";

    public int AppMaxConcurrency { get; init; } = -1;

    public string LogLevel { get; init; } = "info";

    /// <summary>The largest body that its sidecar takes, in bytes.</summary>
    public long MaxBodySize { get; init; } = 4 << 20;

    public bool EnableApiLogging { get; init; }

    public AppHealthOptions? AppHealth { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
