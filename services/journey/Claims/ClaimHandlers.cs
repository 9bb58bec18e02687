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

    public static Task ApprovedAsync(ClaimApproved e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, e.Citizen, ClaimStage.Approved, "approved", handling);

    public static Task DeniedAsync(ClaimDenied e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, e.Citizen, ClaimStage.Denied, "denied", handling);

    public static Task PaidAsync(PaymentSent e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, citizen: null, ClaimStage.Payment, "paid", handling);

    public static Task FailedAsync(PaymentFailed e, Handling handling, CancellationToken ct) =>
        KeepAsync(e.ClaimId, citizen: null, ClaimStage.Payment, "payment-failed", handling);

    private static async Task KeepAsync(string claimId, string? citizen, ClaimStage stage, string status, Handling handling)
    {
        var now = handling.Time.GetUtcNow();
        // An event without a sequence is never stale.
        var ordering = long.TryParse(handling.Event.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : Sequence.Micros(now);
        var at = (handling.Event.Time ?? now).ToUnixTimeMilliseconds();
        if (await handling.KeepAsync(claimId, citizen, stage, status, ordering, at) is not { } owner)
            return;
        var signals = handling.Services.GetRequiredService<CitizenSignals>();
        handling.AfterCommit(() =>
        {
            signals.Wake(owner);
            Log.Followed(handling.Log, claimId, status, handling.Event.Id, handling.Age.TotalMilliseconds);
        });
    }
}
