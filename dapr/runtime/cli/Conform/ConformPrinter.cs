using System.Globalization;

namespace HmsMesh.Cli.Conform;

/// <summary>The matrix, then what differs and what was skipped.</summary>
internal static class ConformPrinter
{
    private const int FirstDifferences = 3;

    private static readonly Dictionary<string, string> Remedies = new(StringComparer.Ordinal)
    {
        ["redis"] = "start redis-server, or name one with --redis ADDRESS",
        ["nats"] = "start nats-server -js, or name one with --nats ADDRESS",
        ["kafka"] = "start a Kafka broker, or name one with --kafka ADDRESS",
        ["sentry"] = "put Dapr's sentry on the PATH, or name one with --sentry CMD",
    };

    public static void Print(TextWriter output, ConformMatrix matrix, bool verbose)
    {
        Table.Print(
            output,
            ["group", "scenarios", "as recorded", "of these on a second try", "differ", "skipped"],
            [.. matrix.Groups.Append(matrix.Total()).Select(Row)]);
        foreach (var scenario in matrix.Scenarios.Where(static scenario => scenario.Outcome == ConformOutcome.Differs))
        {
            output.WriteLine();
            output.WriteLine($"{scenario.Name} differs:");
            var shown = verbose ? scenario.Differences.Count : FirstDifferences;
            foreach (var difference in scenario.Differences.Take(shown))
                output.WriteLine($"  {difference}");
            if (scenario.Differences.Count > shown)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {scenario.Differences.Count - shown} more (-v shows them)"));
        }

        var skipped = matrix.Scenarios.Where(static scenario => scenario.Outcome == ConformOutcome.Skipped)
            .GroupBy(static scenario => string.Join(", ", scenario.Differences), StringComparer.Ordinal).ToList();
        if (skipped.Count > 0)
            output.WriteLine();
        foreach (var reason in skipped)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reason.Count()} skipped: {reason.Key}, which is not there: {Remedy(reason.Key)}."));
        output.Flush();
    }

    private static string[] Row(ConformGroup group) =>
        [group.Name, .. new[] { group.Scenarios, group.AsRecorded, group.SecondTry, group.Differ, group.Skipped }.Select(static count => count.ToString(CultureInfo.InvariantCulture))];

    private static string Remedy(string reason) =>
        string.Join("; ", Remedies.Where(remedy => reason.Contains(remedy.Key, StringComparison.Ordinal)).Select(static remedy => remedy.Value));
}
