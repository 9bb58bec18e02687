using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>Which headers pass a sidecar. Not those of one connection (RFC 9110, 7.6.1), and not those that a sidecar sets itself.</summary>
internal static class ForwardedHeaders
{
    public const string Baggage = "baggage";

    private static readonly string[] Hop =
    [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings", "te", "trailer",
        "proxy-authorization", "proxy-authenticate",
    ];

    private static readonly FrozenSet<string> NotOfRequest = new[]
    {
        "host", "content-length", "content-type", "expect", "traceparent", "tracestate", "grpc-trace-bin", "destination-app-id",
        CallTarget.IdHeader, "dapr-api-token", CallerHeaders.CallerApp, CallerHeaders.CallerNamespace, CallerHeaders.CalleeApp,
    }.Concat(Hop).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotOfAnswer = new[] { "content-length", "content-type", "traceparent", "tracestate", "grpc-trace-bin" }
        .Concat(Hop).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies a request's headers. <paramref name="fromSidecar"/>: another sidecar has sorted them out and added its own; only
    /// what the two say to each other stays here.</summary>
    public static void Copy(IHeaderDictionary from, HttpRequestMessage to, bool fromSidecar)
    {
        var named = from.Connection;
        foreach (var (name, values) in from)
        {
            if (fromSidecar ? IsOfSidecars(name) : IsDropped(NotOfRequest, name, named))
            {
                continue;
            }

            foreach (var value in values)
            {
                to.Headers.TryAddWithoutValidation(name, value);
                if (name.Equals(Baggage, StringComparison.OrdinalIgnoreCase))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Whether an answer's header goes on to the caller.</summary>
    public static bool PassesBack(string name, StringValues connection) => !IsDropped(NotOfAnswer, name, connection) && !IsMesh(name);

    private static bool IsDropped(FrozenSet<string> dropped, string name, StringValues connection) =>
        dropped.Contains(name) || name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase) || IsMesh(name) || IsNamed(connection, name);

    private static bool IsMesh(string name) => name.StartsWith(SidecarHeaders.Prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsOfSidecars(string name) =>
        name.Equals("host", StringComparison.OrdinalIgnoreCase) || name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase) || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("traceparent", StringComparison.OrdinalIgnoreCase) || name.Equals("tracestate", StringComparison.OrdinalIgnoreCase)
        || name.Equals("connection", StringComparison.OrdinalIgnoreCase) || IsMesh(name);

    private static bool IsNamed(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var token in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[token].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
