using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payments;
using HmsMesh.Payments.Sending;

namespace HmsMesh.Payments.Holds;

/// <summary>Takes decisions of held payments, each once: who decided what and when is kept with what it changes. A released payment is
/// one of which only the bank knows: the worker asks for it under its id before it sends anything, under the same id.</summary>
internal sealed class HoldDesk(IWorkshop workshop, BankClient bank, WorkSignal signal)
{
    public async Task<Ruling> DecideAsync(DecisionOrder order, CancellationToken cancellationToken) =>
        order.Kind == DecisionKind.Rejected && await HasBankItAsync(order.PaymentId, cancellationToken)
            ? Refusal.BankHasIt
            : await workshop.RunAsync((work, _) => DecideAsync(order, work), cancellationToken);

    // What the bank has taken was paid: it is not to be told as failed. An entry over another amount is for staff and bank to settle.
    private async Task<bool> HasBankItAsync(string paymentId, CancellationToken cancellationToken)
    {
        var payment = await workshop.ReadAsync((db, _) => db.PaymentAsync(paymentId), cancellationToken);
        return payment is { Status: PaymentStatus.Held } && await bank.FindAsync(payment.Id, cancellationToken) is { } entry && entry.AmountCents == payment.Cents;
    }

    private async Task<Ruling> DecideAsync(DecisionOrder order, Work work)
    {
        if (await work.Db.PaymentAsync(order.PaymentId) is not { } payment)
            return Refusal.NoPayment;
        var now = work.Time.GetUtcNow();
        var decision = new Decision
        {
            Id = Guid.CreateVersion7(now).ToString(),
            PaymentId = payment.Id,
            At = now.ToUnixTimeMilliseconds(),
            Actor = order.Actor,
            Kind = order.Kind,
            HeldFor = payment.HeldFor,
        };
        if (!await work.AddAsync(decision, order.Key))
        {
            // Sent before: even where the payment was held again since, that is not decided by it.
            var earlier = await work.Db.DecisionOfKeyAsync(order.Actor, order.Key!);
            return earlier.PaymentId == order.PaymentId && earlier.Kind == order.Kind ? earlier : Refusal.KeyUsed;
        }

        if (order.Kind == DecisionKind.Released ? await ReleaseAsync(work, payment, decision) : await RejectAsync(work, payment, decision))
        {
            work.AfterCommit(() => Log.Decided(work.Log, payment.Id, payment.ClaimId, decision.HeldFor ?? "(unknown)", decision.Kind, decision.Actor));
            return decision;
        }

        await work.RemoveAsync(decision);
        return await work.Db.LastDecisionAsync(payment.Id) is { } last && last.Kind == order.Kind ? last : Refusal.NotHeld;
    }

    private async Task<bool> ReleaseAsync(Work work, Payment payment, Decision decision)
    {
        work.AfterCommit(signal.Set);
        return await work.Db.ExecuteAsync(
            """
            update payments set status = 'sending', next_at = @At, held_for = null, held_at = null, lease_owner = '', leased_until = 0
            where id = @Id and status = 'held'
            """,
            new { payment.Id, decision.At }) == 1;
    }

    private static async Task<bool> RejectAsync(Work work, Payment payment, Decision decision)
    {
        var rejected = await work.Db.ExecuteAsync(
            """
            update payments set status = 'refused', failed_at = @At, held_for = null, held_at = null, lease_owner = '', leased_until = 0
            where id = @Id and status = 'held'
            """,
            new { payment.Id, decision.At });
        if (rejected == 0)
            return false;
        await work.PostAsync(payment.Id, Posting.Refused, payment.Cents);
        work.FollowsFrom(payment.CauseEvent);
        work.Say("payment.failed", new PaymentFailed(payment.ClaimId, payment.Amount, "rejected", null, payment.Citizen, payment.Id));
        work.AfterCommit(() => Log.Failed(work.Log, payment.Id, payment.ClaimId, "rejected"));
        return true;
    }
}
