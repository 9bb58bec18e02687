using System.Data.Common;
using Dapper;
using HmsMesh.Bank.Modes;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Bank.Ledger;

/// <summary>The bank's own ledger. It is told in every mode, as it is for those who check the simulator.</summary>
internal static class LedgerRoutes
{
    private const int MostDays = 60;

    public static void MapLedger(this IEndpointRouteBuilder app) => app.MapGet("/ledger", ReadAsync).Public();

    private static async Task<Ok<LedgerView>> ReadAsync(IWorkshop workshop, Conduct conduct, CancellationToken ct)
    {
        var mode = ModeBody.Of(await conduct.ModeAsync(ct)).Mode!;
        return TypedResults.Ok(await workshop.ReadAsync((db, _) => SumAsync(db, mode), ct));
    }

    private static async Task<LedgerView> SumAsync(DbConnection db, string mode)
    {
        var sums = await db.QuerySingleAsync<LedgerSums>(
            """
            select count(*) as Entries, cast(coalesce(sum(cents), 0) as bigint) as CreditedCents, count(return_number) as Returns,
              cast(coalesce(sum(case when return_number is null then 0 else cents end), 0) as bigint) as ReturnedCents,
              count(*) - count(distinct idempotency_key) as Doubles
            from entries
            """);
        var days = await db.QueryAsync<LedgerDay>(
            """
            select day as Day, count(*) as Entries, cast(sum(cents) as bigint) as AmountCents
            from entries group by day order by day desc limit @MostDays
            """,
            new { MostDays });
        return new(mode, sums.Entries, sums.CreditedCents, sums.Returns, sums.ReturnedCents, sums.Doubles, days.AsList());
    }
}
