using System.Globalization;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>The report as a table.</summary>
internal static class SidecarTable
{
    public static void Print(TextWriter output, SidecarReport report)
    {
        var heads = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{report.Connections} connections, {report.Seconds:0.#} s each"), "reference" };
        foreach (var sidecar in report.Sidecars)
            heads.AddRange([sidecar, "of reference", "p50 ms", "p99 ms", "CPU us"]);
        Table.Print(output, heads, report.Rows.Select(row => (IReadOnlyList<string>)
        [
            row.Measure,
            $"{Number(row.ReferenceValue)} {row.Unit} {row.Reference}",
            .. row.Cells.SelectMany(cell => Columns(cell, row.Unit)),
        ]));
        output.Flush();
    }

    private static string[] Columns(BenchCell cell, string unit) =>
    [
        $"{Number(cell.Value)} {unit}" + (cell.Bad > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({cell.Bad} failed)") : ""),
        cell.OfReference.ToString("0.000", CultureInfo.InvariantCulture),
        cell.P50Ms is { } p50 ? Number(p50) : "-",
        cell.P99Ms is { } p99 ? Number(p99) : "-",
        cell.CpuMicroseconds is { } cpu ? cpu.ToString("0", CultureInfo.InvariantCulture) : "-",
    ];

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
