using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Journey.Claims;

/// <summary>Takes away payments whose claim was not approved in all that time: that must not happen, and is counted and logged.</summary>
internal sealed class EarlyPayments(IWorkshop workshop, EarlyPaymentSettings settings, IncidentCounts incidents, TimeProvider time) : IUpkeep
{
    private const string Kind = "payment-never-approved";
    private const int AtATime = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - settings.WaitFor).ToUnixTimeMilliseconds();
        while (true)
        {
            var claims = await workshop.ReadAsync(
                async (db, _) => (await db.QueryAsync<string>(
                    "select distinct claim_id from early_payments where heard_at <= @before order by claim_id limit @AtATime", new { before, AtATime })).AsList(),
                cancellationToken);
            foreach (var claim in claims)
                await workshop.RunAsync((work, _) => RemoveAsync(work, claim, before), cancellationToken);
            if (claims.Count < AtATime)
                return;
        }
    }

    // The claim's row first, as the handlers do: an approval of this moment has taken its payments, or finds them gone.
    private async Task RemoveAsync(Work work, string claim, long before)
    {
        await work.Db.ExecuteAsync("insert into approvals (claim_id) values (@claim) on conflict (claim_id) do update set claim_id = excluded.claim_id", new { claim });
        var removed = (await work.Db.QueryAsync<long>(
            "delete from early_payments where claim_id = @claim and heard_at <= @before returning cents", new { claim, before })).AsList();
        await work.Db.ExecuteAsync(
            """
            delete from approvals
            where claim_id = @claim and cents is null and not exists (select 1 from early_payments where claim_id = @claim)
            """,
            new { claim });
        work.AfterCommit(() =>
        {
            foreach (var cents in removed)
            {
                incidents.Count(Kind);
                Log.NeverApproved(work.Log, claim, cents, settings.WaitFor);
            }
        });
    }
}
