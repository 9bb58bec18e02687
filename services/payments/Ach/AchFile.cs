using System.Globalization;
using System.Text;

namespace HmsMesh.Payments.Ach;

/// <summary>A day's credits in NACHA's format: records of 94 characters in blocks of ten, in one batch of prearranged payments (PPD).</summary>
internal static class AchFile
{
    private const int RecordsInABlock = 10;
    private const string Credits = "220";
    private const long HashDigits = 10_000_000_000;
    private static readonly string Filler = new('9', AchLine.Length);

    /// <param name="day">The day in whose file the entries are.</param>
    /// <param name="made">When the file was written.</param>
    /// <param name="entries">In the order of their numbers.</param>
    public static string Write(DateOnly day, DateTimeOffset made, IReadOnlyList<AchEntry> entries)
    {
        var hash = entries.Sum(e => Bank(e.Payee.Routing)) % HashDigits;
        var cents = entries.Sum(e => e.Cents);
        var lines = new List<string> { FileHeader(made) };
        if (entries.Count > 0)
        {
            lines.Add(BatchHeader(day));
            lines.AddRange(entries.Select(Entry));
            lines.Add(BatchControl(entries.Count, hash, cents));
        }

        var blocks = (lines.Count + RecordsInABlock) / RecordsInABlock;
        lines.Add(FileControl(entries.Count > 0 ? 1 : 0, blocks, entries.Count, hash, cents));
        lines.AddRange(Enumerable.Repeat(Filler, (blocks * RecordsInABlock) - lines.Count));
        return new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
    }

    private static long Bank(string routing) => long.Parse(routing.AsSpan(0, 8), CultureInfo.InvariantCulture);

    private static string Originator => AchOrigin.BankRouting[..8];

    private static string FileHeader(DateTimeOffset made) => new AchLine()
        .Code("1").Code("01").Code(" " + AchOrigin.BankRouting).Code(AchOrigin.CompanyId)
        .Code(made.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture)).Code("A")
        .Code("094").Code("10").Code("1").Text(AchOrigin.BankName, 23).Text(AchOrigin.CompanyName, 23).Blank(8).Done();

    private static string BatchHeader(DateOnly day) => new AchLine()
        .Code("5").Code(Credits).Text(AchOrigin.CompanyName, 16).Blank(20).Code(AchOrigin.CompanyId).Code("PPD").Text(AchOrigin.Description, 10)
        .Code(Date(day)).Code(Date(day)).Blank(3).Code("1").Code(Originator).Number(1, 7).Done();

    private static string Entry(AchEntry entry) => new AchLine()
        .Code("6").Code(entry.Payee.Kind == Payees.Payee.Savings ? "32" : "22").Code(entry.Payee.Routing).Text(entry.Payee.Account, 17)
        .Number(entry.Cents, 10).Text(entry.Identification, 15).Text(entry.Payee.Holder, 22).Blank(2).Code("0")
        .Code(Originator).Number(entry.Number, 7).Done();

    private static string BatchControl(int count, long hash, long cents) => new AchLine()
        .Code("8").Code(Credits).Number(count, 6).Number(hash, 10).Number(0, 12).Number(cents, 12).Code(AchOrigin.CompanyId).Blank(19).Blank(6)
        .Code(Originator).Number(1, 7).Done();

    private static string FileControl(int batches, int blocks, int count, long hash, long cents) => new AchLine()
        .Code("9").Number(batches, 6).Number(blocks, 6).Number(count, 8).Number(hash, 10).Number(0, 12).Number(cents, 12).Blank(39).Done();

    private static string Date(DateOnly day) => day.ToString("yyMMdd", CultureInfo.InvariantCulture);
}
