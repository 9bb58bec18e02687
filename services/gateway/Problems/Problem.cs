using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Gateway.Problems;

/// <summary>Refusals as problem documents (RFC 9457), each with the request's id, so that a caller can name it.</summary>
internal static class Problem
{
    public const string MediaType = "application/problem+json";

    public static Task RefuseAsync(this HttpContext http, int status, string title, string detail, TimeSpan? retryAfter = null)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        http.RequestServices.GetRequiredService<ILogger<ProblemDetails>>().Refused(http.Request.Method, route, status, title, http.RequestId());
        return http.TellAsync(status, title, detail, retryAfter);
    }

    /// <summary>Writes without a line in the log. After an answer has begun, the connection is all there is to end.</summary>
    public static Task TellAsync(this HttpContext http, int status, string title, string detail, TimeSpan? retryAfter = null)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        if (retryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.CacheControl = "no-store";
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Extensions = { ["requestId"] = http.RequestId() } };
        return TypedResults.Problem(problem).ExecuteAsync(http);
    }

    public static string RequestId(this HttpContext http) => http.TraceIdentifier;

    /// <summary>A body that is too large shows itself while it is read, under whatever wraps it.</summary>
    public static bool IsTooLarge(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
                return true;
        }

        return false;
    }

    public static Task RefuseTooLargeAsync(this HttpContext http)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        var detail = limit is { } most ? $"The body may have {most.ToString(CultureInfo.InvariantCulture)} bytes." : "The body is too large.";
        return http.RefuseAsync(StatusCodes.Status413PayloadTooLarge, "Too large", detail);
    }
}
