using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Metrics.Payouts;

/// <summary>What auditors may read.</summary>
internal static class PayoutRoutes
{
    private const string Scope = "audit.read";

    public static void MapPayouts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/payouts", ReportAsync).Needs(Scope);
        app.MapGet("/payouts.csv", CsvAsync).Needs(Scope);
    }

    private static async Task<Ok<PayoutReport>> ReportAsync(HttpContext http, IWorkshop workshop, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await workshop.ReadAsync((db, _) => db.ReportAsync(), ct));
    }

    private static async Task CsvAsync(HttpContext http, IWorkshop workshop, CancellationToken ct)
    {
        var response = http.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=\"payouts.csv\"";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await PayoutCsv.WriteAsync(workshop.PayoutsAsync(ct), response.Body, ct);
    }
}
