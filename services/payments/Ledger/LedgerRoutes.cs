using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Ledger;

/// <summary>The ledger, a page at a time.</summary>
internal static class LedgerRoutes
{
    private const int Most = 500;
    private const int Usual = 100;

    public static void MapLedger(this IEndpointRouteBuilder app) => app.MapGet("/ledger", ReadAsync).Needs(Scopes.Operate);

    // A posting is two entries, and is not torn apart by a page's end.
    private static async Task<Results<Ok<LedgerView>, ProblemHttpResult>> ReadAsync(int? from, int? take, IWorkshop workshop, CancellationToken ct)
    {
        if (from is < 0 || take is < 2 or > Most)
        {
            return TypedResults.Problem(
                $"\"from\" is a whole number from 0, and \"take\" one from 2 to {Most}.", statusCode: StatusCodes.Status400BadRequest, title: "No such page");
        }

        return TypedResults.Ok(await workshop.ReadAsync((db, _) => db.LedgerAsync((from ?? 0) / 2, (take ?? Usual) / 2), ct));
    }
}
