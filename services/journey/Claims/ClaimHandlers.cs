using System.Globalization;
using HmsMesh.Contracts;
using HmsMesh.Journey.Events;
using HmsMesh.Journey.Stream;
using HmsMesh.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Journey.Claims;

/// <summary>Follows claims, and wakes the pages of their citizens.</summary>
internal static class ClaimHandlers
{
    public static Task SubmittedAsync(ClaimSubmitted e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, e.Citizen, ClaimStage.Submitted, "submitted", handling);

    /// <summary>The first approval counts, as it does for payments. Payments that were told before it are judged now.</summary>
    public static async Task ApprovedAsync(ClaimApproved e, Handling handling, CancellationToken ct)
    {
        var cents = await handling.ApproveAsync(e.ClaimId, Cents(e.Amount));
        await KeepAsync(e.ClaimId, e.Citizen, ClaimStage.Approved, "approved", handling);
        foreach (var payment in await handling.TakeEarlyAsync(e.ClaimId))
            await JudgeAsync(e.ClaimId, payment, cents, handling);
    }

    public static Task DeniedAsync(ClaimDenied e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, e.Citizen, ClaimStage.Denied, "denied", handling);

    /// <summary>A payment that comes before its claim's approval waits for it.</summary>
    public static async Task PaidAsync(PaymentSent e, Handling handling, CancellationToken ct)
    {
        var payment = new Payment { Cents = Cents(e.Amount), Ordering = Ordering(handling), At = At(handling) };
        if (await handling.ApprovedCentsAsync(e.ClaimId) is { } approved)
            await JudgeAsync(e.ClaimId, payment, approved, handling);
        else
            await handling.WaitAsync(e.ClaimId, payment);
    }

    public static Task FailedAsync(PaymentFailed e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, citizen: null, ClaimStage.Payment, "payment-failed", handling);

    // One over another amount than approved is no payment of the claim.
    private static async Task JudgeAsync(string claimId, Payment payment, long approvedCents, Handling handling)
    {
        if (payment.Cents == approvedCents)
            await KeepAsync(claimId, citizen: null, ClaimStage.Payment, "paid", payment.Ordering, payment.At, handling);
        else
            handling.AfterCommit(() => Log.OtherAmount(handling.Log, claimId, approvedCents, payment.Cents, handling.Event.Id));
    }

    private static Task KeepAsync(string claimId, string? citizen, ClaimStage stage, string status, Handling handling) =>
        KeepAsync(claimId, citizen, stage, status, Ordering(handling), At(handling), handling);

    private static async Task KeepAsync(string claimId, string? citizen, ClaimStage stage, string status, long ordering, long at, Handling handling)
    {
        if (await handling.KeepAsync(claimId, citizen, stage, status, ordering, at) is not { } owner)
            return;
        var signals = handling.Services.GetRequiredService<CitizenSignals>();
        handling.AfterCommit(() =>
        {
            signals.Wake(owner);
            Log.Followed(handling.Log, claimId, status, handling.Event.Id, handling.Age.TotalMilliseconds);
        });
    }

    // The contract has dollars of at most a million; a fraction of a cent is none that was approved.
    private static long Cents(decimal dollars) => decimal.IsInteger(dollars * 100) ? (long)(dollars * 100) : 0;

    // An event without a sequence is never stale.
    private static long Ordering(Handling handling) =>
        long.TryParse(handling.Event.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : Sequence.Micros(handling.Time.GetUtcNow());

    private static long At(Handling handling) => (handling.Event.Time ?? handling.Time.GetUtcNow()).ToUnixTimeMilliseconds();
}
