using HmsMesh.Bank.Modes;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Bank.Entries;

/// <summary>Taking entries, and telling about them.</summary>
internal static class EntryRoutes
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 64;
    private const long MostBytes = 4096;

    public static void MapEntries(this IEndpointRouteBuilder app)
    {
        app.MapPost("/entries", TakeAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).Public();
        app.MapGet("/entries/{key}", FindAsync).Public();
    }

    private static Task<IResult> TakeAsync(
        EntryOrder order, [FromHeader(Name = KeyHeader)] string? key, IWorkshop workshop, Conduct conduct, BankSettings settings, ILogger<Entry> log, CancellationToken ct) =>
        conduct.AnswerAsync(
            async mode =>
            {
                if (!IsKey(key))
                    return Refuse(StatusCodes.Status400BadRequest, KeyHeader, $"An {KeyHeader} of 1 to {LongestKey} letters, digits and hyphens is needed.");
                if (order.Faults() is { Count: > 0 } faults)
                    return TypedResults.Problem(new HttpValidationProblemDetails(faults) { Status = StatusCodes.Status422UnprocessableEntity });

                // Whoever has hung up is not served; who hangs up from here on finds the entry taken, whole.
                ct.ThrowIfCancellationRequested();
                var (entry, isNew) = await workshop.RunAsync((work, _) => work.TakeAsync(key!, order, mode, settings.ReturnAfter), CancellationToken.None);
                if (entry.Fingerprint != order.Fingerprint)
                    return Refuse(StatusCodes.Status409Conflict, KeyHeader, "This key was used for another entry.");
                if (isNew)
                    Log.Taken(log, entry.Key, entry.Cents, entry.Day);
                return TypedResults.Json(entry.View, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            },
            ct);

    // The key in a 404 tells it from that of a proxy on the way.
    private static Task<IResult> FindAsync(string key, IWorkshop workshop, Conduct conduct, CancellationToken ct) => conduct.AnswerAsync(
        async _ => await workshop.ReadAsync((db, _) => db.EntryAsync(key), ct) is { } entry
            ? TypedResults.Ok(entry.View)
            : TypedResults.Json(new NoEntry(key), statusCode: StatusCodes.Status404NotFound),
        ct);

    private static bool IsKey(string? key) =>
        key is { Length: > 0 and <= LongestKey } && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static IResult Refuse(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}
