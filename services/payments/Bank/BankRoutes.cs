using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Bank;

/// <summary>The bank as staff see it: the breaker before it, its sums, and the switch of the simulator.</summary>
internal static class BankRoutes
{
    private const int LongestMode = 32;

    public static void MapBank(this IEndpointRouteBuilder app)
    {
        app.MapGet("/breaker", Breaker).Needs(Scopes.Operate);
        app.MapGet("/bank", FindAsync).Needs(Scopes.Operate);
        app.MapPut("/bank/mode", SetAsync).Needs(Scopes.Operate);
    }

    internal static bool IsAway(Exception e, CancellationToken ct) =>
        e is BankException or HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested);

    internal static ProblemHttpResult Away() =>
        TypedResults.Problem("The bank cannot be reached.", statusCode: StatusCodes.Status502BadGateway, title: "No bank");

    private static Ok<BreakerView> Breaker(Breakers breakers)
    {
        var breaker = breakers[BankClient.Name];
        var state = breaker.State switch
        {
            BreakerState.Open => "open",
            BreakerState.HalfOpen => "half-open",
            _ => "closed",
        };
        return TypedResults.Ok(new BreakerView(state, breaker.FailuresSoFar, Math.Round(breaker.OpensFor.TotalSeconds, 1)));
    }

    private static async Task<Results<Ok<BankView>, ProblemHttpResult>> FindAsync(BankClient bank, CancellationToken ct)
    {
        try
        {
            var ledger = await bank.AskAsync("/ledger", ct);
            return TypedResults.Ok(new BankView(ledger.GetProperty("mode").GetString(), ledger));
        }
        catch (Exception e) when (IsAway(e, ct))
        {
            return Away();
        }
    }

    private static async Task<Results<Ok<ModeBody>, ProblemHttpResult>> SetAsync(ModeBody body, BankClient bank, CancellationToken ct)
    {
        try
        {
            return body.Mode is { Length: > 0 and <= LongestMode } mode && await bank.SetModeAsync(mode, ct)
                ? TypedResults.Ok(body)
                : Faults.Of("mode", "The modes are ok, fail, slow, silent, return and forgetful.");
        }
        catch (Exception e) when (IsAway(e, ct))
        {
            return Away();
        }
    }
}
