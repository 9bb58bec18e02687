using System.Buffers;
using HmsMesh.Sidecar.Observability;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Api;

/// <summary>One call of the API: what was asked, and the ways to answer.</summary>
internal sealed class ApiCall(HttpContext http, RouteValues values, TraceContext? caller, TraceContext span)
{
    private const string MetadataPrefix = "metadata.";
    private Dictionary<string, string>? _metadata;

    public HttpContext Http { get; } = http;

    public HttpRequest Request => Http.Request;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The caller's own trace context; null where it sent none (or a broken one).</summary>
    public TraceContext? Caller { get; } = caller;

    /// <summary>The span of this call: of the caller's trace, or the first of a new one. The answer's traceparent.</summary>
    public TraceContext Span { get; } = span;

    /// <summary>The body was larger than --max-body-size, which the log is to say.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>The query's metadata.* parameters, without the prefix.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ??= ReadMetadata();

    /// <summary>A value of the route, unescaped as daprd does: a plus is a space too.</summary>
    public string Route(string name) => Uri.UnescapeDataString(values.Raw(name).Replace('+', ' '));

    public string RawRoute(string name) => values.Raw(name);

    /// <summary>The whole body; null where it is over --max-body-size, for which daprd has each route's own answer.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync()
    {
        var reader = Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(Aborted).ConfigureAwait(false);
                if (read.IsCompleted)
                {
                    var body = read.Buffer.ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return body;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            IsTooLarge = true;
            return null;
        }
    }

    /// <summary>An answer without body.</summary>
    public ValueTask AnswerAsync(int status)
    {
        Http.Response.StatusCode = status;
        return ValueTask.CompletedTask;
    }

    public ValueTask AnswerAsync(int status, ReadOnlyMemory<byte> body, string contentType = "application/json")
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = body.Length;
        return new(Http.Response.Body.WriteAsync(body, Aborted).AsTask());
    }

    /// <summary>An error, as daprd writes it.</summary>
    public ValueTask FailAsync(ApiFault fault) => AnswerAsync(fault.Status, ApiFaultWriter.Write(fault));

    private Dictionary<string, string> ReadMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Request.Query)
        {
            // Of a name that is there twice the first value counts.
            if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal))
            {
                metadata[name[MetadataPrefix.Length..]] = value[0] ?? "";
            }
        }

        return metadata;
    }
}
