using System.Buffers;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>The metadata published with an event as headers of its delivery, but for what would change the request itself.</summary>
internal static class DeliveryHeaders
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "content-type", "dapr-api-token", "destination-app-id", "grpc-trace-bin", "host", "keep-alive",
        "proxy-authenticate", "proxy-authorization", "proxy-connection", "pubsubName", "te", "trailer", "traceparent", "tracestate",
        "transfer-encoding", "upgrade",
    };

    public static void Add(HttpRequestMessage request, string pubSub, IReadOnlyDictionary<string, string> metadata)
    {
        request.Headers.TryAddWithoutValidation("pubsubName", pubSub);
        if (metadata.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in metadata)
        {
            if (IsPassed(name, value))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private static bool IsPassed(string name, string value) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenChars) && !Reserved.Contains(name)
        && !name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase)
        && !value.AsSpan().ContainsAnyInRange('\0', '\u001f') && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
