using System.Globalization;
using System.Text.RegularExpressions;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>Reads a file by the layout that Nacha publishes, column by column (counted from 1), and checks all that it says of itself.
/// Shares nothing with the writer.</summary>
internal sealed partial class AchReader
{
    private readonly string[] _records;
    private readonly List<ReadEntry> _entries = [];
    private long _hash;

    private AchReader(string text)
    {
        text.ShouldEndWith("\n");
        _records = text[..^1].Split('\n');
    }

    public IReadOnlyList<ReadEntry> Entries => _entries;

    public long CreditCents { get; private set; }

    public string FileDate { get; private set; } = "";

    public static AchReader Read(string text)
    {
        var reader = new AchReader(text);
        reader.ReadAll();
        return reader;
    }

    private static string At(string record, int first, int last) => record[(first - 1)..last];

    private static long NumberAt(string record, int first, int last)
    {
        var text = At(record, first, last);
        text.ShouldMatch("^[0-9]+$");
        return long.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^[0-9A-Z .,/&'()#-]*$", RegexOptions.None, 1000)]
    private static partial Regex Allowed();

    private void ReadAll()
    {
        _records.Length.ShouldBeGreaterThan(0);
        (_records.Length % 10).ShouldBe(0, "records come in blocks of ten");
        foreach (var record in _records)
        {
            record.Length.ShouldBe(94);
            Allowed().IsMatch(record).ShouldBeTrue(record);
        }

        FileHeader(_records[0]);
        var at = 1;
        var batches = 0;
        while (_records[at][0] == '5')
        {
            batches++;
            at = Batch(at, batches);
        }

        FileControl(_records[at], batches);
        _records[(at + 1)..].ShouldAllBe(r => r == new string('9', 94));
        (_records.Length - at - 1).ShouldBeLessThan(10);
    }

    private void FileHeader(string record)
    {
        At(record, 1, 3).ShouldBe("101");
        At(record, 4, 4).ShouldBe(" ");
        ShouldBeRouting(At(record, 5, 13));
        At(record, 14, 23).Trim().ShouldNotBeEmpty();
        FileDate = At(record, 24, 29);
        DateTime.TryParseExact(FileDate + At(record, 30, 33), "yyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _).ShouldBeTrue();
        At(record, 34, 34).ShouldBe("A");
        At(record, 35, 40).ShouldBe("094101");
        At(record, 41, 63).Trim().ShouldNotBeEmpty();
        At(record, 64, 86).Trim().ShouldNotBeEmpty();
    }

    private int Batch(int at, int number)
    {
        var header = _records[at];
        At(header, 2, 4).ShouldBe("220");
        At(header, 5, 20).Trim().ShouldNotBeEmpty();
        At(header, 51, 53).ShouldBe("PPD");
        At(header, 54, 63).Trim().ShouldNotBeEmpty();
        At(header, 70, 75).ShouldMatch("^[0-9]{6}$");
        At(header, 79, 79).ShouldBe("1");
        NumberAt(header, 88, 94).ShouldBe(number);
        var count = 0;
        long cents = 0, hash = 0;
        var lastTrace = "";
        for (at++; _records[at][0] == '6'; at++)
        {
            var entry = Entry(_records[at]);
            string.CompareOrdinal(entry.Trace, lastTrace).ShouldBePositive("trace numbers ascend");
            entry.Trace[..8].ShouldBe(At(header, 80, 87));
            lastTrace = entry.Trace;
            count++;
            cents += entry.Cents;
            hash += long.Parse(entry.Routing[..8], CultureInfo.InvariantCulture);
            _entries.Add(entry);
        }

        var control = _records[at];
        At(control, 1, 4).ShouldBe("8220");
        NumberAt(control, 5, 10).ShouldBe(count);
        NumberAt(control, 11, 20).ShouldBe(hash % 10_000_000_000);
        NumberAt(control, 21, 32).ShouldBe(0);
        NumberAt(control, 33, 44).ShouldBe(cents);
        At(control, 45, 54).ShouldBe(At(header, 41, 50));
        At(control, 80, 94).ShouldBe(At(header, 80, 94));
        CreditCents += cents;
        _hash += hash;
        return at + 1;
    }

    private static ReadEntry Entry(string record)
    {
        At(record, 2, 3).ShouldBeOneOf("22", "32");
        ShouldBeRouting(At(record, 4, 12));
        At(record, 79, 79).ShouldBe("0");
        NumberAt(record, 80, 94).ShouldBePositive();
        return new(
            At(record, 2, 3), At(record, 4, 12), At(record, 13, 29).TrimEnd(), NumberAt(record, 30, 39), At(record, 40, 54).TrimEnd(), At(record, 55, 76).TrimEnd(), At(record, 80, 94));
    }

    private void FileControl(string record, int batches)
    {
        At(record, 1, 1).ShouldBe("9");
        NumberAt(record, 2, 7).ShouldBe(batches);
        NumberAt(record, 8, 13).ShouldBe(_records.Length / 10);
        NumberAt(record, 14, 21).ShouldBe(_entries.Count);
        NumberAt(record, 22, 31).ShouldBe(_hash % 10_000_000_000);
        NumberAt(record, 32, 43).ShouldBe(0);
        NumberAt(record, 44, 55).ShouldBe(CreditCents);
        At(record, 56, 94).Trim().ShouldBeEmpty();
    }

    private static void ShouldBeRouting(string digits)
    {
        digits.ShouldMatch("^[0-9]{9}$");
        var d = digits.Select(c => c - '0').ToArray();
        (((3 * (d[0] + d[3] + d[6])) + (7 * (d[1] + d[4] + d[7])) + d[2] + d[5] + d[8]) % 10).ShouldBe(0);
    }

    /// <summary>An entry as it is read.</summary>
    internal sealed record ReadEntry(string Transaction, string Routing, string Account, long Cents, string Identification, string Name, string Trace);
}
