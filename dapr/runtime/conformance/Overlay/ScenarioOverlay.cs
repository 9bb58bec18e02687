using System.Text.Json;
using HmsMesh.Conformance.Comparing;

namespace HmsMesh.Conformance;

/// <summary>
/// Makes scenarios of one component type into scenarios of another, and states each difference that is meant. What it does not state must be as
/// recorded; what it states must be needed.
/// </summary>
public sealed record ScenarioOverlay
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The component type that is replaced.</summary>
    public required string From { get; init; }

    /// <summary>The component type put in its place.</summary>
    public required string To { get; init; }

    /// <summary>Metadata that the component is given beside its own. <c>${DIR}</c> is the scenario's folder.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required IReadOnlyList<OverlayEntry> Entries { get; init; }

    public static ScenarioOverlay Load(string file) =>
        JsonSerializer.Deserialize<ScenarioOverlay>(File.ReadAllText(file), Json) ?? throw new InvalidDataException($"{file} is no overlay");

    /// <summary>The scenario with the other component, and with the results that are meant.</summary>
    public Scenario Apply(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var recorded = scenario.Recorded.ToArray();
        foreach (var entry in Of(scenario)) recorded[entry.Step] = entry.Recorded;
        return scenario with
        {
            Recorded = recorded,
            Resources = Changed(scenario.Resources),
            Sidecars = [.. scenario.Sidecars.Select(s => s with { Resources = Changed(s.Resources) })],
        };
    }

    /// <summary>The entries that a run did not need: the sidecar did what daprd does.</summary>
    public IReadOnlyList<OverlayEntry> Unused(Scenario scenario, ScenarioReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. Of(scenario).Where(e => e.Step < report.Results.Count && !ScenarioComparison.Compare(scenario, e.Step, report.Results[e.Step]).Any())];
    }

    private IEnumerable<OverlayEntry> Of(Scenario scenario) => Entries.Where(e => e.Scenario == scenario.Name);

    private Dictionary<string, string> Changed(IReadOnlyDictionary<string, string> resources) =>
        resources.ToDictionary(r => r.Key, r => string.Join("\n---", r.Value.Split("\n---").Select(Changed)), StringComparer.Ordinal);

    private string Changed(string document)
    {
        var lines = document.Split('\n').ToList();
        var type = lines.IndexOf($"  type: {From}");
        if (type < 0) return document;
        lines[type] = $"  type: {To}";

        // A component's metadata is indented; that of the resource is not.
        var metadata = lines.FindIndex(l => l is "  metadata:" or "  metadata: []");
        if (metadata >= 0) lines.RemoveAt(metadata);
        else metadata = type + 1;
        lines.Insert(metadata, "  metadata:");
        lines.InsertRange(metadata + 1, Metadata.SelectMany(m => new[] { $"  - name: {m.Key}", $"    value: \"{m.Value}\"" }));
        return string.Join('\n', lines);
    }
}
