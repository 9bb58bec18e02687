using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;

namespace HmsMesh.Gateway.Forwarding;

/// <summary>The service's answer as the caller gets it.</summary>
internal static class Answering
{
    private static readonly string[] Passed = ["Cache-Control", "Content-Digest", "ETag", "Last-Modified", "Retry-After", "Accept-Ranges", "X-Accel-Buffering"];
    private static readonly string[] PassedOfContent = ["Content-Type", "Content-Length", "Content-Disposition", "Content-Language", "Content-Range", "Last-Modified"];

    /// <summary>Whether the sidecar itself speaks, and not the service: it could not be reached.</summary>
    public static async Task<string?> SidecarFaultAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if ((int)answer.StatusCode < 400 || answer.Content.Headers.ContentType?.MediaType != "application/json" || answer.Content.Headers.ContentLength is not (> 0 and < 4096))
            return null;
        await answer.Content.LoadIntoBufferAsync(ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return text.Contains("\"errorCode\":\"ERR_", StringComparison.Ordinal) ? text : null;
    }

    public static void CopyHead(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        response.Headers.CacheControl = "no-store";
        foreach (var name in Passed)
        {
            if (answer.Headers.TryGetValues(name, out var values))
                response.Headers[name] = values.ToArray();
        }

        foreach (var name in PassedOfContent)
        {
            if (answer.Content.Headers.TryGetValues(name, out var values))
                response.Headers[name] = values.ToArray();
        }

        if (answer.Headers.Location is { IsAbsoluteUri: false } location)
            response.Headers.Location = Outside(location.OriginalString);
    }

    /// <summary>Sends what there is as soon as it is there, so that a stream of events is one.</summary>
    public static async Task CopyBodyAsync(HttpResponseMessage answer, HttpResponse response, CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        await response.StartAsync(ct);
        await body.CopyToAsync(response.Body, ct);
    }

    /// <summary>What a service says that no caller could mend.</summary>
    public static bool IsRefusal(int status) => status is StatusCodes.Status401Unauthorized or >= 500;

    public static Task RefuseAsync(HttpContext http, Destination to, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => http.TellAsync(
            StatusCodes.Status502BadGateway, "The service does not know us", $"{to.App} did not take our token. Try again.", TimeSpan.FromSeconds(1)),
        StatusCodes.Status503ServiceUnavailable => http.TellAsync(
            StatusCodes.Status503ServiceUnavailable, "The service is busy", $"{to.App} takes no requests now. Try again in a moment.", TimeSpan.FromSeconds(2)),
        _ => http.TellAsync(StatusCodes.Status502BadGateway, "The service failed", $"{to.App} failed. Try again in a moment."),
    };

    // A service knows its own paths, a caller those of the door.
    private static string Outside(string location) =>
        location.StartsWith("/api/", StringComparison.Ordinal) || location.Length == 0 || location[0] != '/' ? location : $"/api{location}";
}
