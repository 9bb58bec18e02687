using System.Text.Json;

namespace HmsMesh.Conformance;

/// <summary>One sidecar of a scenario, and the app behind it.</summary>
public sealed record ScenarioSidecar
{
    public required string Id { get; init; }

    /// <summary>The app id, where it is not <see cref="Id"/>.</summary>
    public string? AppId { get; init; }

    /// <summary>The app's script: <c>subscribe</c>, <c>routes</c>, <c>starts_down</c>. Null where there is no app.</summary>
    public JsonElement? App { get; init; }

    public IReadOnlyList<string> Flags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Resource files of this sidecar alone.</summary>
    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether its health is waited for.</summary>
    public bool Ready { get; init; } = true;

    /// <summary>An app without a sidecar.</summary>
    public bool Alone { get; init; }

    /// <summary>Started by a step.</summary>
    public bool StartsLater { get; init; }

    /// <summary>Whether it takes part in mutual TLS.</summary>
    public bool Mtls { get; init; } = true;
}
