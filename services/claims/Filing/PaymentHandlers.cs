using System.Globalization;
using HmsMesh.Claims.Events;
using HmsMesh.Contracts;
using HmsMesh.Kit;

namespace HmsMesh.Claims.Filing;

/// <summary>Keeps what payments says of a claim. It may come early, late, twice or in the wrong order: what it means is made out when
/// the claim is read.</summary>
internal static class PaymentHandlers
{
    public static Task PaidAsync(PaymentSent sent, Handling handling, CancellationToken ct) =>
        KeepAsync(sent.ClaimId, Status.Paid, sent.Amount, handling);

    public static Task FailedAsync(PaymentFailed failed, Handling handling, CancellationToken ct) =>
        KeepAsync(failed.ClaimId, Status.PaymentFailed, failed.Amount, handling);

    private static async Task KeepAsync(string claimId, string step, decimal amount, Handling handling)
    {
        // Parts of a cent are no amount of ours; they fit no claim.
        var cents = amount * 100 == decimal.Truncate(amount * 100) ? (long)(amount * 100) : -1;
        if (await handling.Db.ClaimAsync(claimId) is { } claim && !claim.IsOwed(cents))
        {
            handling.AfterCommit(() => Log.NotOwed(handling.Log, step, claimId, handling.Event.Id));
            return;
        }

        var news = new PaymentNews
        {
            ClaimId = claimId,
            Step = step,
            AmountCents = cents,
            HappenedAt = (handling.Event.Time ?? handling.Time.GetUtcNow()).ToUnixTimeMilliseconds(),
            Ordering = Ordering(handling),
        };
        if (await handling.KeepAsync(news))
            handling.AfterCommit(() => Log.Followed(handling.Log, claimId, step, handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    /// <summary>The event's sequence; one without is never stale.</summary>
    private static long Ordering(Handling handling) =>
        long.TryParse(handling.Event.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : Sequence.Micros(handling.Time.GetUtcNow());
}
