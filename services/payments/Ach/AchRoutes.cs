using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using HmsMesh.Kit;
using HmsMesh.Payments.Payees;
using HmsMesh.Payments.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Ach;

/// <summary>Today's file. It holds names and account numbers, as the bank needs them: for payments staff alone, and nobody keeps it.</summary>
internal static class AchRoutes
{
    /// <summary>What the entry count of a batch holds.</summary>
    private const int Most = 999_999;

    public static void MapAch(this IEndpointRouteBuilder app) => app.MapGet("/ach/today", WriteAsync).Needs(Scopes.Operate);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> WriteAsync(
        HttpContext http, VaultKeeper keeper, IWorkshop workshop, TimeProvider time, ILogger<AchEntry> log, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        try
        {
            var payments = await workshop.ReadAsync(
                (db, _) => db.PaymentsOfDayAsync(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Most), ct);
            var vault = await keeper.VaultAsync(ct);
            var entries = payments.Select(p => new AchEntry(vault.Open(p.Sealed!, p.Id), p.Cents, AchEntry.IdentificationOf(p.Id), p.TraceNumber!.Value));
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Text(AchFile.Write(day, now, [.. entries]), MediaTypeNames.Text.Plain, Encoding.ASCII);
        }
        catch (Exception e) when (e is VaultUnavailableException or CryptographicException)
        {
            Log.VaultClosed(log, e.Message);
            return TypedResults.Problem(
                "Payees cannot be read now. Try again later.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "The vault is closed");
        }
    }
}
