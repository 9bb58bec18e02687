using System.Net;
using HmsMesh.Sidecar.Observability;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>A call to be made, however often and to whomever.</summary>
internal sealed class CallRequest(HttpRequest source, string path, CallBody body, TraceContext span)
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public CallBody Body { get; } = body;

    public string Path { get; } = path;

    public TraceContext Span { get; } = span;

    /// <summary>Another sidecar has sorted the headers out.</summary>
    public bool FromSidecar { get; init; }

    /// <summary>The trace's state, where the caller sent one with a trace of its own.</summary>
    public string? TraceState { get; init; }

    public bool IsHead => HttpMethods.IsHead(source.Method);

    /// <summary>The verb as the app is asked by it.</summary>
    public string Method => Verb(source.Method).Method;

    /// <summary>A header that is there once.</summary>
    public string? Header(string name) => source.Headers[name] is [{ } one] ? one : null;

    /// <summary>A request of its own for one try.</summary>
    /// <param name="root">Scheme, host and port, and a path before the path.</param>
    public HttpRequestMessage Make(string root)
    {
        var address = string.Concat(root, Path, source.QueryString.Value);
        var request = new HttpRequestMessage(Verb(source.Method), new Uri(address, AsItIs)) { Version = HttpVersion.Version11, Content = Body.Content() };
        ForwardedHeaders.Copy(source.Headers, request, FromSidecar);
        request.Headers.TryAddWithoutValidation("traceparent", Span.TraceParent);
        if (TraceState is not null)
        {
            request.Headers.TryAddWithoutValidation("tracestate", TraceState);
        }

        if (source.Headers.ContentType is [{ Length: > 0 } type, ..])
        {
            request.Content ??= new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty);
            request.Content.Headers.TryAddWithoutValidation("content-type", type);
        }

        return request;
    }

    /// <summary>The verbs that Dapr knows; any other becomes POST, as daprd has it.</summary>
    private static HttpMethod Verb(string method) => method.ToUpperInvariant() switch
    {
        "GET" => HttpMethod.Get,
        "POST" => HttpMethod.Post,
        "PUT" => HttpMethod.Put,
        "DELETE" => HttpMethod.Delete,
        "PATCH" => HttpMethod.Patch,
        "HEAD" => HttpMethod.Head,
        "OPTIONS" => HttpMethod.Options,
        "TRACE" => HttpMethod.Trace,
        _ => HttpMethod.Post,
    };
}
