namespace HmsMesh.Conformance;

/// <summary>What is driven, and how.</summary>
public sealed record ConformanceOptions
{
    /// <summary>The sidecar's command and its first arguments; it is given daprd's flags behind them.</summary>
    public required IReadOnlyList<string> Sidecar { get; init; }

    /// <summary>The certificate authority's command and its first arguments.</summary>
    public IReadOnlyList<string> Sentry { get; init; } = ["sentry"];

    /// <summary>Addresses of real servers by name. A scenario is skipped where one that it needs is not reachable.</summary>
    public IReadOnlyDictionary<string, string> Servers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["redis"] = "127.0.0.1:6379",
        ["nats"] = "127.0.0.1:4222",
        ["kafka"] = "127.0.0.1:9092",
    };

    /// <summary>Scenarios that run at the same time.</summary>
    public int Jobs { get; init; } = 3;

    /// <summary>Whether a scenario that fails runs once more, alone and with more time, for a machine that is slow or busy.</summary>
    public bool SecondTry { get; init; } = true;

    /// <summary>Keeps the sidecars' logs in this folder.</summary>
    public string? Logs { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the program of a command is there: at its path, or on the PATH.</summary>
    public static bool CanRun(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command is [var program, ..] && (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))));
    }
}
