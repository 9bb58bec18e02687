using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Incidents;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payments;

namespace HmsMesh.Payments.Returns;

/// <summary>Books entries that came back, in the bank's order.</summary>
internal sealed class ReturnBook(IWorkshop workshop)
{
    public Task<long> LastNumberAsync(CancellationToken cancellationToken) =>
        workshop.ReadAsync((db, _) => db.QuerySingleAsync<long>("select last_number from bank_returns"), cancellationToken);

    /// <summary>False where our own word on the entry is still out: it is to be told of again later.</summary>
    public Task<bool> BookAsync(BankReturn returned, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            var next = await work.Db.ExecuteAsync(
                "update bank_returns set last_number = @Number where last_number < @Number", new { returned.Number });
            if (next == 0)
                return true;
            var payment = returned.Key is { Length: > 0 } key ? await work.Db.PaymentAsync(key) : null;
            if (payment is { Status: PaymentStatus.Sending })
            {
                await work.Db.ExecuteAsync("update bank_returns set last_number = @before", new { before = returned.Number - 1 });
                return false;
            }

            if (payment is null || payment.Cents != returned.AmountCents || !await ReturnAsync(work, payment, returned.Code))
            {
                await work.ReportAsync(new(
                    IncidentKind.UnknownReturn,
                    payment?.ClaimId,
                    payment?.Id,
                    $"The bank returned an entry over {returned.AmountCents} cents that is no sent payment of ours; nothing is booked.",
                    payment?.Cents,
                    returned.AmountCents));
            }

            return true;
        },
        cancellationToken);

    private static async Task<bool> ReturnAsync(Work work, Payment payment, string? code)
    {
        var reason = code is { Length: > 0 and <= 16 } ? code : null;
        var returned = await work.Db.ExecuteAsync(
            "update payments set status = 'returned', failed_at = @now, code = @code where id = @Id and status = 'sent'",
            new { payment.Id, now = work.Time.GetUtcNow().ToUnixTimeMilliseconds(), code = reason });
        if (returned == 0)
            return false;
        await work.PostAsync(payment.Id, Posting.Returned, payment.Cents);
        work.FollowsFrom(payment.CauseEvent);
        work.Say("payment.failed", new PaymentFailed(payment.ClaimId, payment.Amount, "returned", reason, payment.Citizen, payment.Id));
        work.AfterCommit(() => Log.Failed(work.Log, payment.Id, payment.ClaimId, $"returned {reason}"));
        return true;
    }
}
