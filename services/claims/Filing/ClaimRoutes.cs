using System.Text.Json;
using HmsMesh.Claims.Intake;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Claims.Filing;

/// <summary>What a citizen can do with claims: file one, and see his or her own. Another's is not there.</summary>
internal static class ClaimRoutes
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;
    private const int Most = 100;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static void MapClaims(this IEndpointRouteBuilder app)
    {
        var claims = app.MapGroup("/claims");
        claims.MapPost("", FileAsync).Needs("claims.write");
        claims.MapGet("", ListAsync).Needs("claims.read");
        claims.MapGet("/{id}", FindAsync).Needs("claims.read");
    }

    private static async Task<Results<Created<ClaimView>, ProblemHttpResult>> FileAsync(
        HttpContext http, [FromHeader(Name = KeyHeader)] string? key, Desk desk, IWorkshop workshop, CancellationToken ct)
    {
        var words = Words.For(http.Request);
        if (key is not null and not { Length: > 0 and <= LongestKey } || key?.Any(c => c is < '!' or > '~') == true)
            return TypedResults.Problem(words.Key, statusCode: StatusCodes.Status400BadRequest, title: KeyHeader);
        if (await ReadAsync(http.Request, ct) is not { } body)
            return TypedResults.Problem(words.NotJson, statusCode: StatusCodes.Status400BadRequest, title: words.Title);
        using (body)
        {
            var (form, errors) = ApplicationReader.Read(body.RootElement, desk.Today, words);
            if (form is null)
                return Wrong(words, errors);
            var citizen = http.Caller().Subject;
            return await workshop.RunAsync((work, _) => desk.FileAsync(citizen, form, key, work), ct) is { } claim
                ? TypedResults.Created($"/claims/{claim.Id}", ClaimView.Of(claim, []))
                : TypedResults.Problem(words.KeyUsed, statusCode: StatusCodes.Status422UnprocessableEntity, title: words.KeyTitle);
        }
    }

    private static async Task<Ok<IReadOnlyList<ClaimView>>> ListAsync(HttpContext http, IWorkshop workshop, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var citizen = http.Caller().Subject;
        return TypedResults.Ok(await workshop.ReadAsync((db, _) => db.ClaimsOfAsync(citizen, Most), ct));
    }

    private static async Task<Results<Ok<ClaimView>, ProblemHttpResult>> FindAsync(string id, HttpContext http, IWorkshop workshop, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var citizen = http.Caller().Subject;
        return await workshop.ReadAsync((db, _) => db.ViewAsync(citizen, id), ct) is { } claim
            ? TypedResults.Ok(claim)
            : TypedResults.Problem(Words.For(http.Request).Unknown, statusCode: StatusCodes.Status404NotFound, title: "No such claim");
    }

    /// <summary>Null where the body is no JSON object.</summary>
    private static async Task<JsonDocument?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            var body = await JsonDocument.ParseAsync(request.Body, Json, ct);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
                return body;
            body.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ProblemHttpResult Wrong(Words words, Dictionary<string, string[]> errors) => TypedResults.Problem(
        words.Detail,
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: words.Title,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors });
}
