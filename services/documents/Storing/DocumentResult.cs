using HmsMesh.Documents.Inspection;
using Microsoft.Net.Http.Headers;

namespace HmsMesh.Documents.Storing;

/// <summary>A document as it is given out: to be saved, never shown as a page of ours.</summary>
internal sealed class DocumentResult(Document document, FileStream file) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var _ = file;
        var (headers, kind) = (httpContext.Response.Headers, DocumentKind.Kept(document.ContentType));
        headers.ContentType = document.ContentType;
        headers.ContentLength = document.Bytes;
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = kind?.FileName ?? "document" }.ToString();
        headers[Digests.Header] = Digests.Of(document.Sha256);
        var shelf = httpContext.RequestServices.GetRequiredService<Shelf>();
        if (!await shelf.SendAsync(document, file, httpContext.Response.Body, httpContext.RequestAborted))
            httpContext.Abort();
    }
}
