namespace HmsMesh.Cli;

/// <summary>Columns as wide as what stands in them.</summary>
internal static class Table
{
    public static void Print(TextWriter output, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.Prepend(heads).ToList();
        var widths = heads.Select((_, column) => all.Max(row => row[column].Length)).ToList();
        foreach (var row in all)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
