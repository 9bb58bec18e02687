using System.Text.Json.Nodes;

namespace HmsMesh.Conformance;

/// <summary>How a scenario went.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Outcome">Whether the sidecar did what is recorded.</param>
/// <param name="Differences">Where it did not; of the first try, where the second passed; what is missing, where it was skipped.</param>
/// <param name="Results">What the steps gave; empty where the scenario could not run.</param>
/// <param name="Duration">The time of all tries.</param>
public sealed record ScenarioReport(
    string Name, ScenarioOutcome Outcome, IReadOnlyList<string> Differences, IReadOnlyList<JsonNode?> Results, TimeSpan Duration);
