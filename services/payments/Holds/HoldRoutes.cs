using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Payments.Holds;

/// <summary>What staff decide of held payments.</summary>
internal static class HoldRoutes
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 128;
    private const int Most = 200;

    public static void MapHolds(this IEndpointRouteBuilder app)
    {
        app.MapPost("/payments/{id}/release", ReleaseAsync).Needs(Scopes.Operate);
        app.MapPost("/payments/{id}/reject", RejectAsync).Needs(Scopes.Operate);
        app.MapGet("/decisions", ListAsync).Needs(Scopes.Operate);
    }

    private static Task<Results<Ok<DecisionView>, ProblemHttpResult>> ReleaseAsync(
        string id, HttpContext http, [FromHeader(Name = KeyHeader)] string? key, HoldDesk desk, CancellationToken ct) =>
        DecideAsync(new(id, DecisionKind.Released, http.Caller().Subject, key), desk, ct);

    private static Task<Results<Ok<DecisionView>, ProblemHttpResult>> RejectAsync(
        string id, HttpContext http, [FromHeader(Name = KeyHeader)] string? key, HoldDesk desk, CancellationToken ct) =>
        DecideAsync(new(id, DecisionKind.Rejected, http.Caller().Subject, key), desk, ct);

    private static async Task<Results<Ok<DecisionView>, ProblemHttpResult>> DecideAsync(DecisionOrder order, HoldDesk desk, CancellationToken ct)
    {
        if (order.Key is not null and not { Length: > 0 and <= LongestKey } || order.Key?.Any(c => c is < '!' or > '~') == true)
            return TypedResults.Problem($"An {KeyHeader} has 1 to {LongestKey} visible characters.", statusCode: StatusCodes.Status400BadRequest, title: KeyHeader);
        try
        {
            var ruling = await desk.DecideAsync(order, ct);
            return ruling.Refusal is { } refusal ? Refuse(refusal) : TypedResults.Ok(ruling.Decision!.View);
        }
        catch (Exception e) when (BankRoutes.IsAway(e, ct))
        {
            return BankRoutes.Away();
        }
    }

    private static async Task<Results<Ok<List<DecisionView>>, ProblemHttpResult>> ListAsync(int? take, IWorkshop workshop, CancellationToken ct)
    {
        if (take is < 1 or > Most)
            return Faults.OfTake(Most);
        var decisions = await workshop.ReadAsync((db, _) => db.DecisionsAsync(take ?? Most), ct);
        return TypedResults.Ok(decisions.Select(d => d.View).ToList());
    }

    private static ProblemHttpResult Refuse(Refusal refusal) => TypedResults.Problem(
        refusal.Detail,
        statusCode: refusal.Status,
        title: refusal.Title,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = refusal.Code });
}
