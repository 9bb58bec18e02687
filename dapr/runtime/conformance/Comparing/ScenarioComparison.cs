using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Comparing;

/// <summary>Compares what the steps gave with what is recorded.</summary>
internal static class ScenarioComparison
{
    public static IReadOnlyList<string> Compare(Scenario scenario, IReadOnlyList<JsonNode?> results)
    {
        if (scenario.Recorded.Count != results.Count) return [$"{results.Count} results, {scenario.Recorded.Count} recorded"];
        var differences = new List<string>();
        for (var i = 0; i < results.Count; i++) differences.AddRange(Compare(scenario, i, results[i]));
        return differences;
    }

    /// <summary>The differences of one step.</summary>
    public static IEnumerable<string> Compare(Scenario scenario, int step, JsonNode? result)
    {
        if (scenario.Better.TryGetValue(step.ToString(System.Globalization.CultureInfo.InvariantCulture), out var better) && Delivered(result) >= better.AtLeast) return [];
        var kind = scenario.Steps[step].EnumerateObject().First().Name;
        var recorded = ResultContract.Node(scenario.Recorded[step]);
        return Differences.Between(
            ResultContract.Of(kind, recorded, recorded), ResultContract.Of(kind, result, recorded), $"step {step} {kind}");
    }

    private static int Delivered(JsonNode? result) => result switch
    {
        JsonArray rows => rows.Count,
        JsonObject counted => counted["count"]?.GetValue<int>() ?? 0,
        _ => 0,
    };
}
