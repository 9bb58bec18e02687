using HmsMesh.Auth.Secrets;

namespace HmsMesh.Auth;

/// <summary>What all routes have in common: nothing is cached, and where a secret cannot be had yet, they say "later".</summary>
internal sealed class Guard(VaultProvider vaults, ILogger<Guard> log)
{
    public RequestDelegate Of(Func<HttpContext, Task> handle) => async http =>
    {
        http.NoStore();
        try
        {
            await vaults.OpenAsync(http.RequestAborted);
            await handle(http);
        }
        catch (SecretUnavailableException e) when (!http.Response.HasStarted)
        {
            log.SecretMissing(e.Message);
            http.Response.Headers.RetryAfter = "1";
            await http.ErrorAsync(new OAuthError("temporarily_unavailable", "The secrets of this service cannot be had yet.", StatusCodes.Status503ServiceUnavailable));
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await http.ErrorAsync(new OAuthError("invalid_request", "The request is too large, or broken.", e.StatusCode));
        }
    };
}
