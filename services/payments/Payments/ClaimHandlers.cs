using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Incidents;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Sending;

namespace HmsMesh.Payments.Payments;

/// <summary>An approval becomes a pending payment, and nothing else happens: the bank is the worker's.</summary>
internal static class ClaimHandlers
{
    public static Task ApprovedAsync(ClaimApproved approved, Handling handling, CancellationToken ct) =>
        TakeAsync(new(approved.ClaimId, approved.Citizen, Money.Cents(approved.Amount), Version: 1), handling);

    public static Task ApprovedInCentsAsync(ClaimApprovedV2 approved, Handling handling, CancellationToken ct) =>
        TakeAsync(new(approved.ClaimId, approved.Citizen, Money.Cents(approved.AmountCents / 100m), Version: 2), handling);

    private static async Task TakeAsync(Approval approved, Handling handling)
    {
        if (approved.Cents is not { } cents)
        {
            await handling.ReportAsync(new(IncidentKind.BadAmount, approved.ClaimId, null, "The amount is no whole number of cents that may be paid; nothing is."));
            return;
        }

        var id = Guid.CreateVersion7(handling.Time.GetUtcNow()).ToString();
        if (await InsertAsync(id, approved, cents, handling))
        {
            await handling.PostAsync(id, Posting.Approved, cents);
            var signal = handling.Services.GetRequiredService<WorkSignal>();
            handling.AfterCommit(signal.Set);
            return;
        }

        await AgainAsync(approved, cents, handling);
    }

    // The payee's row is locked first, so that a citizen who fills it at this moment is either seen here or sees this payment.
    private static async Task<bool> InsertAsync(string id, Approval approved, long cents, Handling handling)
    {
        var now = handling.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var hasPayee = await handling.Db.QuerySingleAsync<long>(
            """
            insert into payees (citizen, updated_at) values (@Citizen, @now)
            on conflict (citizen) do update set citizen = excluded.citizen
            returning cast(case when sealed is null then 0 else 1 end as bigint)
            """,
            new { approved.Citizen, now }) == 1;
        return await handling.Db.ExecuteAsync(
            """
            insert into payments (id, claim_id, citizen, cents, status, next_at, created_at, versions, cause, correlation, trace_parent)
            values (@id, @ClaimId, @Citizen, @cents, @status, @now, @now, @versions, @cause, @correlation, @traceParent)
            on conflict (claim_id) do nothing
            """,
            new
            {
                id,
                approved.ClaimId,
                approved.Citizen,
                cents,
                status = hasPayee ? PaymentStatus.Pending : PaymentStatus.WaitingForPayee,
                now,
                versions = $"{approved.Version}",
                cause = handling.Event.Id,
                correlation = handling.Event.CorrelationId,
                traceParent = handling.Event.TraceParent,
            }) == 1;
    }

    private static async Task AgainAsync(Approval approved, long cents, Handling handling)
    {
        var known = await handling.Db.QuerySingleAsync<Payment>(
            $"select {PaymentStore.Columns} from payments where claim_id = @ClaimId", new { approved.ClaimId });
        if (known.Cents != cents)
        {
            await handling.ReportAsync(new(
                IncidentKind.OtherAmount, known.ClaimId, known.Id, $"Approved over {known.Cents} cents, and again over {cents}; the first counts.", known.Cents, cents));
        }
        else if (known.Citizen != approved.Citizen)
        {
            await handling.ReportAsync(new(IncidentKind.OtherCitizen, known.ClaimId, known.Id, "Approved again for another citizen; the first counts."));
        }
        else
        {
            // The other version of what was heard is the same approval; this version once more is a second one.
            var other = await handling.Db.ExecuteAsync(
                "update payments set versions = versions || @version where id = @Id and versions not like '%' || @version || '%'",
                new { known.Id, version = $"{approved.Version}" });
            if (other == 1)
                return;
            await handling.Db.ExecuteAsync("update payments set approvals = approvals + 1 where id = @Id", new { known.Id });
            handling.AfterCommit(() => Log.ApprovedAgain(handling.Log, known.ClaimId, known.Id));
        }
    }
}
