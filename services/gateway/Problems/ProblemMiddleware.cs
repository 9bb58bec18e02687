using System.Text.RegularExpressions;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Portal;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Gateway.Problems;

/// <summary>Gives each request its id and each answer its headers, and makes a problem document of what went wrong beneath.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public const string RequestIdHeader = "X-Request-Id";

    public async Task InvokeAsync(HttpContext http)
    {
        // A caller's own id is kept where it can do no harm in a log.
        if (http.Request.Headers[RequestIdHeader] is [{ } given] && Harmless().IsMatch(given))
            http.TraceIdentifier = given;
        else
            http.TraceIdentifier = Guid.CreateVersion7().ToString("N");
        http.Response.Headers[RequestIdHeader] = http.TraceIdentifier;
        Policy.Set(http.Response.Headers);
        try
        {
            if (http.Request.ContentLength > http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
                await http.RefuseTooLargeAsync();
            else
                await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception e) when (Problem.IsTooLarge(e))
        {
            await http.RefuseTooLargeAsync();
        }
        catch (BadHttpRequestException e)
        {
            await http.RefuseAsync(e.StatusCode, "The request is broken", "The request could not be read as HTTP says.");
        }
        catch (IssuerException e)
        {
            log.IssuerFailed(e.Message);
            await http.TellAsync(
                StatusCodes.Status503ServiceUnavailable, "Sign-in is away", "The service that says who you are does not answer now. Try again in a moment.", TimeSpan.FromSeconds(2));
        }
        catch (Exception e)
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
            log.Failed(e, http.Request.Method, route, http.RequestId());
            await http.TellAsync(StatusCodes.Status500InternalServerError, "Something failed here", "It is our fault and has been noted. Try again.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Harmless();
}
