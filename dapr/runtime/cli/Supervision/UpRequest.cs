namespace HmsMesh.Cli.Supervision;

/// <summary>What `mesh up` was asked for.</summary>
internal sealed record UpRequest
{
    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    public string Broker { get; init; } = "embedded";

    public string? Data { get; init; }

    /// <summary>Each sidecar is a process of its own.</summary>
    public bool Isolated { get; init; }

    /// <summary>Services whose processes somebody else starts.</summary>
    public IReadOnlyList<string> External { get; init; } = [];

    /// <summary>A service whose source changes is built and started again.</summary>
    public bool Watch { get; init; }

    public bool Timings { get; init; }

    public bool Json { get; init; }

    /// <summary>Logs go to the files alone.</summary>
    public bool Quiet { get; init; }

    /// <summary>The longest that what died waits until it is started again; null for the usual.</summary>
    public TimeSpan? LongestBackoff { get; init; }

    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();
}
