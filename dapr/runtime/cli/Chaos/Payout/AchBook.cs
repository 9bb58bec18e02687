using System.Globalization;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>The day's ACH file, read by the published layout: records of 94 characters, 6 an entry, 8 a batch's control, 9 the file's.</summary>
internal sealed record AchBook(IReadOnlyList<AchBookEntry> Entries, IReadOnlyList<string> Faults)
{
    private const int Width = 94;

    public static AchBook Read(string file)
    {
        var faults = new List<string>();
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Any(static line => line.Length != Width) || lines.Length % 10 != 0)
            faults.Add($"{lines.Length} records, not all of {Width} characters or not whole blocks of ten");
        var entries = lines.Where(static line => line.Length == Width && line[0] == '6').ToList();
        var (cents, hash) = (entries.Sum(static line => Number(line, 29, 10)), entries.Sum(static line => Number(line, 3, 8)) % 10_000_000_000);
        foreach (var batch in lines.Where(static line => line.Length == Width && line[0] == '8'))
            Control("batch", batch[4..], 6, entries.Count, hash, cents, faults);
        if (lines.FirstOrDefault(static line => line.Length == Width && line[0] == '9' && line[1] == '0') is { } end)
            Control("file", end[13..], 8, entries.Count, hash, cents, faults);
        else
            faults.Add("no file control record");
        return new AchBook([.. entries.Select(static line => new AchBookEntry(Number(line, 29, 10), line.Substring(39, 15).Trim(), Number(line, 87, 7)))], faults);
    }

    private static void Control(string what, string record, int width, int count, long hash, long cents, List<string> faults)
    {
        if (Number(record, 0, width) != count || Number(record, width, 10) != hash || Number(record, width + 10, 12) != 0 || Number(record, width + 22, 12) != cents)
            faults.Add($"the {what} control record does not agree with {count} entries over {cents} cents");
    }

    private static long Number(string line, int at, int width) =>
        long.TryParse(line.AsSpan(at, width), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
