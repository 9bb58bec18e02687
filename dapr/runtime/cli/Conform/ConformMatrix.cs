using HmsMesh.Conformance;

namespace HmsMesh.Cli.Conform;

/// <summary>What a sidecar did of what daprd did.</summary>
internal sealed record ConformMatrix(string Sidecar, IReadOnlyList<ConformGroup> Groups, IReadOnlyList<ConformScenario> Scenarios)
{
    public static ConformMatrix Of(string sidecar, IReadOnlyList<ScenarioReport> reports)
    {
        var scenarios = reports.Select(Of).ToList();
        return new(sidecar, [.. scenarios.GroupBy(static scenario => scenario.Group, StringComparer.Ordinal).Select(static group => Count(group.Key, [.. group]))], scenarios);
    }

    public static ConformScenario Of(ScenarioReport report) => new(
        report.Name,
        report.Outcome switch
        {
            ScenarioOutcome.Failed => ConformOutcome.Differs,
            ScenarioOutcome.Skipped => ConformOutcome.Skipped,
            _ => ConformOutcome.AsRecorded,
        },
        report.Outcome == ScenarioOutcome.PassedOnSecondTry,
        report.Outcome is ScenarioOutcome.Failed or ScenarioOutcome.Skipped ? report.Differences : [],
        Math.Round(report.Duration.TotalSeconds, 1));

    public ConformGroup Total() => Count("all", Scenarios);

    private static ConformGroup Count(string name, IReadOnlyList<ConformScenario> scenarios) => new(
        name,
        scenarios.Count,
        scenarios.Count(static scenario => scenario.Outcome == ConformOutcome.AsRecorded),
        scenarios.Count(static scenario => scenario.SecondTry),
        scenarios.Count(static scenario => scenario.Outcome == ConformOutcome.Differs),
        scenarios.Count(static scenario => scenario.Outcome == ConformOutcome.Skipped));
}
