using System.Data.Common;
using HmsMesh.Kit;
using HmsMesh.Payments.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Payments;

/// <summary>The payments, for staff.</summary>
internal static class PaymentRoutes
{
    private const int Most = 500;
    private const int Usual = 100;

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/payments", ListAsync).Needs(Scopes.Operate);
        app.MapGet("/payments/waiting", ListWaitingAsync).Needs(Scopes.Operate);
        app.MapGet("/stats", StatsAsync).Needs(Scopes.Operate);
    }

    private static Task<Results<Ok<PaymentList>, ProblemHttpResult>> ListWaitingAsync(string? status, int? take, IWorkshop workshop, CancellationToken ct) =>
        ListAsync(status is null or "" ? "waiting" : status, take, workshop, ct);

    private static async Task<Results<Ok<PaymentList>, ProblemHttpResult>> ListAsync(string? status, int? take, IWorkshop workshop, CancellationToken ct)
    {
        string[]? statuses = status switch
        {
            null or "" or "all" => PaymentStatus.All,
            "waiting" => PaymentStatus.Waiting,
            "failed" => [PaymentStatus.Refused, PaymentStatus.Returned],
            _ => PaymentStatus.All.Contains(status, StringComparer.Ordinal) ? [status] : null,
        };
        if (statuses is null)
            return Faults.Of("status", $"\"status\" is waiting, failed, all, or one of {string.Join(", ", PaymentStatus.All)}.");
        if (take is < 1 or > Most)
            return Faults.OfTake(Most);
        return TypedResults.Ok(await workshop.ReadAsync(
            async (db, _) => new PaymentList([.. (await db.PaymentsAsync(statuses, take ?? Usual)).Select(p => p.View)], await db.CountsAsync()), ct));
    }

    private static async Task<Ok<PaymentStats>> StatsAsync(IWorkshop workshop, CancellationToken ct) =>
        TypedResults.Ok(await workshop.ReadAsync(ReadAsync, ct));

    private static async Task<PaymentStats> ReadAsync(DbConnection db, CancellationToken ct) =>
        new(await db.CountsAsync(), await db.SecondApprovalsAsync(), await db.IncidentCountAsync());
}
