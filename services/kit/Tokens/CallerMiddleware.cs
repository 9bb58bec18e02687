using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace HmsMesh.Kit;

/// <summary>Lets through who shows a token that allows what the endpoint needs (RFC 6750).</summary>
internal sealed class CallerMiddleware(RequestDelegate next, MeshSettings settings, ILogger<CallerMiddleware> log, IEnumerable<ITokenChecker> checkers)
{
    private const string Scheme = "Bearer ";

    // Null: the program trusts nobody's tokens, and its routes that need one stay closed.
    private readonly ITokenChecker? _checker = checkers.FirstOrDefault();

    public Task InvokeAsync(HttpContext http)
    {
        var needs = http.GetEndpoint()?.Metadata.GetOrderedMetadata<NeedsMetadata>();
        return needs is not { Count: > 0 } ? next(http) : CheckAsync(http, needs);
    }

    private async Task CheckAsync(HttpContext http, IReadOnlyList<NeedsMetadata> needs)
    {
        var shown = http.Request.Headers.Authorization;
        if (_checker is null)
        {
            await RefuseAsync(http, 401, "A token is needed", "This service trusts nobody's tokens.", "").ConfigureAwait(false);
            return;
        }

        if (shown.Count != 1 || shown[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(http, 401, "A token is needed", "Show one access token, in the header Authorization: Bearer.", "").ConfigureAwait(false);
            return;
        }

        var check = await _checker.CheckAsync(header[Scheme.Length..].Trim(), http.RequestAborted).ConfigureAwait(false);
        if (check.IsUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
            await RefuseAsync(http, 503, "The token cannot be checked", $"The access token cannot be checked: {check.Fault}.", null).ConfigureAwait(false);
            return;
        }

        if (check.Caller is not { } caller)
        {
            var detail = $"The access token is refused: {check.Fault}.";
            await RefuseAsync(http, 401, "The token is refused", detail, $", error=\"invalid_token\", error_description=\"{detail}\"").ConfigureAwait(false);
            return;
        }

        var missing = needs.Select(n => n.Scope).Where(s => !caller.Scopes.Contains(s)).ToList();
        if (missing.Count > 0)
        {
            var detail = $"The access token lacks the scope {string.Join(" and ", missing)}.";
            var scope = string.Join(' ', needs.Select(n => n.Scope).Distinct(StringComparer.Ordinal));
            await RefuseAsync(http, 403, "Not allowed", detail, $", error=\"insufficient_scope\", scope=\"{scope}\", error_description=\"{detail}\"").ConfigureAwait(false);
            return;
        }

        http.Features.Set(caller);
        await next(http).ConfigureAwait(false);
    }

    private Task RefuseAsync(HttpContext http, int status, string title, string detail, string? challenge)
    {
        log.CallRefused(http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", detail);
        if (challenge is not null)
        {
            http.Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer realm=\"{settings.AppId}\"{challenge}";
        }

        return TypedResults.Problem(detail, statusCode: status, title: title).ExecuteAsync(http);
    }
}
