using System.Security.Cryptography;
using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Incidents;
using HmsMesh.Payments.Payees;
using HmsMesh.Payments.Payments;

namespace HmsMesh.Payments.Sending;

/// <summary>Which instance works on which payment. A lease that runs out (its instance died) is another's to take.</summary>
internal sealed class Leases(IWorkshop workshop, VaultKeeper keeper, PaymentsSettings settings, TimeProvider time)
{
    private const string IsDue = "status in ('pending', 'sending') and next_at <= @now and leased_until < @now";

    /// <summary>Names this instance in the rows that it works on.</summary>
    public string Me { get; } = Guid.NewGuid().ToString();

    /// <summary>Takes payments that are due, and notes before any call that the bank may know of them from now on.</summary>
    public async Task<IReadOnlyList<LeasedPayment>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (await workshop.ReadAsync((db, _) => db.QuerySingleAsync<long>($"select count(*) from payments where {IsDue}", new { now }), cancellationToken) == 0)
            return [];
        var vault = await keeper.VaultAsync(cancellationToken);
        return await workshop.RunAsync((work, _) => TakeAsync(work, vault, most), cancellationToken);
    }

    /// <summary>Lets go of a payment, to be tried again later. What was not even called is pending as it was, and forgets the payee: the
    /// citizen may correct it until the bank is told.</summary>
    public Task ReleaseAsync(LeasedPayment leased, bool wasCalled, TimeSpan rest, CancellationToken cancellationToken) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync(
            """
            update payments set lease_owner = '', leased_until = 0, next_at = @next, status = @status,
              sealed = case when @status = 'pending' then null else sealed end
            where id = @Id and lease_owner = @Me and status = 'sending'
            """,
            new
            {
                leased.Payment.Id,
                Me,
                next = (work.Time.GetUtcNow() + rest).ToUnixTimeMilliseconds(),
                status = wasCalled || leased.IsUnknown ? PaymentStatus.Sending : PaymentStatus.Pending,
            }),
        cancellationToken);

    // The outer conditions count for PostgreSQL, where another instance may take the same rows at the same moment: who comes second
    // waits for the row, and finds that it is leased.
    private async Task<IReadOnlyList<LeasedPayment>> TakeAsync(Work work, Vault vault, int most)
    {
        var now = work.Time.GetUtcNow();
        var due = await work.Db.QueryAsync<Payment>(
            $"""
            select {PaymentStore.Columns} from payments where {IsDue} order by next_at, id limit @most
            """,
            new { now = now.ToUnixTimeMilliseconds(), most });
        var taken = new List<LeasedPayment>();
        foreach (var payment in due)
        {
            var (order, sealedPayee) = await SealAsync(work, vault, payment, now.ToUnixTimeMilliseconds());
            if (order is null)
                continue;
            var leased = await work.Db.ExecuteAsync(
                $"""
                update payments set status = 'sending', lease_owner = @Me, leased_until = @until, attempts = attempts + 1, sealed = @sealedPayee
                where id = @Id and {IsDue}
                """,
                new { payment.Id, Me, until = (now + settings.Lease).ToUnixTimeMilliseconds(), now = now.ToUnixTimeMilliseconds(), sealedPayee });
            if (leased == 1)
                taken.Add(new(payment, order, payment.Status == PaymentStatus.Sending));
        }

        return taken;
    }

    private static async Task<(BankOrder? Order, string? Sealed)> SealAsync(Work work, Vault vault, Payment payment, long now)
    {
        try
        {
            var payee = payment.Sealed is { } sent
                ? vault.Open(sent, payment.Id)
                : vault.Open(await work.Db.SealedPayeeAsync(payment.Citizen) ?? "", payment.Citizen);
            return (
                new(payee.Holder, payee.Routing, payee.Account, payee.Kind, payment.Cents),
                payment.Sealed ?? vault.Seal(payee, payment.Id));
        }
        catch (CryptographicException)
        {
            // What the bank may know of is for a person to look at; the rest waits until the citizen has filled it again.
            var isHeld = payment.Status == PaymentStatus.Sending;
            var status = isHeld ? PaymentStatus.Held : PaymentStatus.WaitingForPayee;
            var stopped = await work.Db.ExecuteAsync(
                $"update payments set status = @status, held_for = @heldFor, held_at = @heldAt where id = @Id and {IsDue}",
                new { payment.Id, status, heldFor = isHeld ? IncidentKind.UnreadablePayee : null, heldAt = isHeld ? now : (long?)null, now });
            if (stopped == 0)
                return default;
            await work.ReportAsync(new(IncidentKind.UnreadablePayee, payment.ClaimId, payment.Id, $"The vault cannot open the payee; the payment is {status}."));
            return default;
        }
    }
}
