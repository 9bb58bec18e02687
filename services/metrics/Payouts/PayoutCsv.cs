using CsvHelper;

namespace HmsMesh.Metrics.Payouts;

/// <summary>Payouts as RFC 4180 has it. A value that a spreadsheet would take for a formula is escaped: a claim's id comes from an
/// event, and may be any text.</summary>
internal static class PayoutCsv
{
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    public static async Task WriteAsync(IAsyncEnumerable<Payout> payouts, Stream target, CancellationToken ct)
    {
        await using var csv = CsvWriter.Create(target, Options, leaveOpen: true);
        csv.WriteHeader("claimId", "submittedAt", "paidAt", "ms");
        await foreach (var payout in payouts.WithCancellation(ct))
        {
            csv.WriteField(payout.ClaimId);
            csv.WriteField(Payout.Text(payout.SubmittedAt));
            csv.WriteField(Payout.Text(payout.SentAt));
            csv.WriteField(payout.Ms, default);
            await csv.EndRecordAsync(ct);
        }

        await csv.FlushAsync(ct);
    }
}
