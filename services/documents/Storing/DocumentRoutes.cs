using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace HmsMesh.Documents.Storing;

/// <summary>What a citizen can do with documents: send one, and get his or her own. Another's is not there.</summary>
internal static class DocumentRoutes
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;

    public static void MapDocuments(this IEndpointRouteBuilder app)
    {
        app.MapPost("/documents", StoreAsync).Needs("documents.write").WithMetadata(new RequestSizeLimitAttribute(DocumentsSettings.MostBytes));
        app.MapGet("/documents/{id}", FindAsync).Needs("documents.read");
    }

    private static async Task<Results<Created<StoredDocument>, ProblemHttpResult>> StoreAsync(HttpContext http, Intake intake, CancellationToken ct)
    {
        var request = http.Request;
        var (document, refusal) = Read(http, out var fault) is { } upload ? await intake.StoreAsync(upload, ct) : (null, fault);
        http.Response.Headers.CacheControl = "no-store";
        if (document is not null)
            return TypedResults.Created(document.Url, new StoredDocument(document.Url, document.Sha256, document.Bytes, document.ContentType));
        var words = Words.For(request);
        var text = refusal!.Text(words);
        return TypedResults.Problem(
            text,
            statusCode: refusal.Status,
            title: words.Title,
            extensions: refusal.IsOfFile ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = new { document = new[] { text } } } : null);
    }

    private static Upload? Read(HttpContext http, out Refusal? fault)
    {
        var headers = http.Request.Headers;
        var key = headers[KeyHeader];
        fault = null;
        if (key.Count > 1 || (key.Count == 1 && (key[0] is not { Length: > 0 and <= LongestKey } one || one.Any(c => c is < '!' or > '~'))))
            fault = Refusal.BadKey;
        else if (headers.ContentEncoding.Any(e => !string.Equals(e, "identity", StringComparison.OrdinalIgnoreCase)))
            fault = Refusal.Encoded;
        else if (http.Request.ContentLength > DocumentsSettings.MostBytes)
            fault = Refusal.TooLarge;
        if (!Digests.TryRead(headers, out var digest))
            fault ??= Refusal.NoDigest;
        return fault is null ? new Upload(http.Caller().Subject, key.Count == 1 ? key[0] : null, http.Request.ContentType, digest, http.Request.Body) : null;
    }

    private static async Task<Results<DocumentResult, StatusCodeHttpResult, ProblemHttpResult>> FindAsync(
        string id, HttpContext http, Shelf shelf, IWorkshop workshop, CancellationToken ct)
    {
        var (headers, words, citizen) = (http.Response.Headers, Words.For(http.Request), http.Caller().Subject);
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        if (await workshop.ReadAsync((db, _) => db.DocumentAsync(id), ct) is not { } document || document.Citizen != citizen)
            return TypedResults.Problem(words.Missing, statusCode: StatusCodes.Status404NotFound, title: words.MissingTitle);
        var tag = new EntityTagHeaderValue($"\"{document.Sha256}\"");
        headers.ETag = tag.ToString();
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (await shelf.OpenAsync(document, ct) is { } file)
            return new DocumentResult(document, file);
        headers.Remove(HeaderNames.ETag);
        return TypedResults.Problem(words.Lost, statusCode: StatusCodes.Status500InternalServerError, title: words.LostTitle);
    }
}
