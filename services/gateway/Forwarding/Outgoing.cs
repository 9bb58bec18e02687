using System.Net.Http.Headers;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;

namespace HmsMesh.Gateway.Forwarding;

/// <summary>The request as the service gets it: what the caller said, less all that was meant for the door.</summary>
internal static class Outgoing
{
    private static readonly string[] Passed = ["Accept", "Accept-Language", "Content-Digest", "Digest", "Idempotency-Key", "If-None-Match", "Last-Event-ID", "Range", "Repr-Digest"];

    public static HttpRequestMessage Of(HttpContext http, Destination to, Visitor? visitor)
    {
        var from = http.Request;
        var request = new HttpRequestMessage(HttpMethod.Parse(from.Method), new Uri($"http://{to.App}{PathOf(http, to)}{from.QueryString}"));
        foreach (var name in Passed)
        {
            if (from.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.TryAddWithoutValidation(ProblemMiddleware.RequestIdHeader, http.RequestId());
        if (visitor?.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (HasBody(from))
        {
            request.Content = new StreamContent(from.Body);
            request.Content.Headers.ContentLength = from.ContentLength;
            if (from.ContentType is { } type)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            if (from.Headers.ContentEncoding is [{ } encoding])
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            if (from.Headers.ContentDisposition is [{ } disposition])
                request.Content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        }

        return request;
    }

    public static bool HasBody(HttpRequest request) =>
        request.ContentLength is > 0 || (request.ContentLength is null && request.Headers.TransferEncoding.Count > 0)
        || (request.ContentLength is null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && HttpProtocol.IsHttp2(request.Protocol));

    private static string PathOf(HttpContext http, Destination to) => http.Request.RouteValues.TryGetValue("id", out var id) && id is string text
        ? to.Path.Replace("{id}", Uri.EscapeDataString(text), StringComparison.Ordinal)
        : to.Path;
}
