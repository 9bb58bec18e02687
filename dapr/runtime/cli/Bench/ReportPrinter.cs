using System.Globalization;

namespace HmsMesh.Cli.Bench;

/// <summary>The report as a table.</summary>
internal static class ReportPrinter
{
    public static void Print(TextWriter output, BenchReport report)
    {
        Table.Print(
            output,
            [$"{report.Events} events, one at a time; ms from saying one", "first", "median", "p99", "max"],
            report.Measures.Select(measure => new[]
            {
                Describe(measure.Name), Text(measure.FirstMs), Text(measure.MedianMs), Text(measure.P99Ms), Text(measure.MaxMs),
            }));
        output.Flush();
    }

    private static string Describe(string name) => name switch
    {
        Samples.Accepted => "accepted: on the broker's disk",
        Samples.Page => "page: journey's stream has told it",
        Samples.Direct => "direct: one HTTP call to a bare Kestrel, for scale",
        _ => $"{name}: reaction committed",
    };

    private static string Text(double? milliseconds) => milliseconds is { } value ? value.ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
