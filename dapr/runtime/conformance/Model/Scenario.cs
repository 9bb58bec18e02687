using System.Text.Json;

namespace HmsMesh.Conformance;

/// <summary>What a sidecar is driven through, and what daprd did then. <see cref="ScenarioFiles"/> reads them.</summary>
public sealed record Scenario
{
    /// <summary>The path in the folder of scenarios, without its extension: <c>subscribe/routing</c>.</summary>
    public required string Name { get; init; }

    public string About { get; init; } = string.Empty;

    /// <summary>Real servers that it needs: <c>redis</c>, <c>nats</c>, <c>kafka</c>.</summary>
    public IReadOnlyList<string> Brokers { get; init; } = [];

    /// <summary>JetStream streams that are made first.</summary>
    public IReadOnlyList<JsonElement> Streams { get; init; } = [];

    /// <summary>Whether a certificate authority runs beside the sidecars.</summary>
    public bool Mtls { get; init; }

    /// <summary>Resource files: name and text.</summary>
    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The text of a Configuration.</summary>
    public string? Config { get; init; }

    public IReadOnlyList<ScenarioSidecar> Sidecars { get; init; } = [];

    /// <summary>Each an object of one member: what is done, and its arguments.</summary>
    public IReadOnlyList<JsonElement> Steps { get; init; } = [];

    /// <summary>Members of JSON bodies that are left out of the results.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Texts that were sent and must be seen again; they are not masked as made up.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Whether times show how far from now they are.</summary>
    public bool Offsets { get; init; }

    /// <summary>Seconds to wait once all are healthy.</summary>
    public double WarmUp { get; init; } = 0.6;

    /// <summary>The result of each step; null for a step without one.</summary>
    public IReadOnlyList<JsonElement> Recorded { get; init; } = [];

    /// <summary>Steps where daprd loses something: a sidecar that delivers this many or more passes too.</summary>
    public IReadOnlyDictionary<string, ScenarioBetter> Better { get; init; } = new Dictionary<string, ScenarioBetter>(StringComparer.Ordinal);

    internal ScenarioSidecar Sidecar(string id) => Sidecars.First(s => s.Id == id);
}
