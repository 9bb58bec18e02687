using HmsMesh.Gateway.Api;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Forwarding;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Limits;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Gateway.SignIn;

/// <summary>A browser signs in at the issuer and comes back with a code; it keeps a cookie and never sees a token.</summary>
internal static class SignInRoutes
{
    private const string PendingCookie = "hms-sign-in";

    // Longer than a page waits until it asks again (main.js): no token ends in between.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(3);

    public static IServiceCollection AddSignIn(this IServiceCollection services) =>
        services.AddSingleton<SessionStore>().AddSingleton<Sessions>().AddSingleton<SignInFlow>();

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", BeginAsync).Public().WithMetadata(LimitedMetadata.Instance).ExcludeFromDescription();
        app.MapGet("/signed-in", EndAsync).Public().WithMetadata(LimitedMetadata.Instance).ExcludeFromDescription();
        app.MapPost("/sign-out", SignOutAsync).Public().WithMetadata(LimitedMetadata.Instance).ExcludeFromDescription();
        app.MapGet("/api/session", ViewAsync).Public().WithTags("session").WithSummary("Who is signed in by this browser's cookie")
            .Produces<SessionView>();
    }

    /// <summary>A path of ours, or the first page: a redirect leads nowhere else.</summary>
    internal static string Local(string? path) =>
        path is { Length: > 0 and <= 200 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : "/";

    private static async Task<IResult> BeginAsync(HttpContext http, [FromQuery(Name = "return")] string? back, [FromQuery(Name = "ui_locales")] string? language, SignInFlow flow, CancellationToken ct)
    {
        // The issuer knows the portal by its address, and a cookie of the other name would not come back.
        if (string.Equals(http.Request.Host.Host, "localhost", StringComparison.OrdinalIgnoreCase))
            return TypedResults.Redirect($"{http.Request.Scheme}://127.0.0.1:{http.Request.Host.Port ?? 80}/sign-in?return={Uri.EscapeDataString(Local(back))}{(Known(language) is { } known ? $"&ui_locales={known}" : "")}");
        var (location, cookie) = await flow.BeginAsync(Redirect(http), Local(back), Known(language), ct);
        http.Response.Cookies.Append(PendingCookie, cookie, CookieOf(http, TimeSpan.FromMinutes(10)));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(location);
    }

    private static async Task<IResult> EndAsync(
        HttpContext http, string? code, string? state, string? iss, string? error, SignInFlow flow, Sessions sessions, ServiceTokens exchange, ILogger<SignInFlow> log, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var pending = await flow.PendingAsync(http.Request.Cookies[PendingCookie], ct);
        http.Response.Cookies.Delete(PendingCookie, CookieOf(http, null));
        if (pending is null || state is null || !SignInFlow.Same(state, pending.State))
            return Refused(log, "it did not begin in this browser");
        if (error is not null)
            return Refused(log, error is "access_denied" ? "access_denied" : "the issuer answered with an error");
        if (code is not { Length: > 0 and < 2048 })
            return Refused(log, "no code");
        var (tokens, subject, fault) = await flow.RedeemAsync(pending, code, iss, Redirect(http), ct);
        if (tokens is null)
            return Refused(log, fault);
        var (cookie, session) = await sessions.BeginAsync(tokens, subject, ct);
        await WarmAsync(session, sessions, exchange, ct);
        http.Response.Cookies.Append(Sessions.Cookie, cookie, CookieOf(http, maxAge: null));
        log.SignedIn(subject);
        return TypedResults.LocalRedirect(pending.Return);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, Sessions sessions, OpenStreams streams, ILogger<SignInFlow> log, CancellationToken ct)
    {
        if (http.Request.Headers[Door.CsrfHeader] != "1")
            return TypedResults.Problem($"A change by a signed-in browser needs the header {Door.CsrfHeader}: 1.", statusCode: StatusCodes.Status403Forbidden, title: "Not from our page");
        if (await sessions.FindAsync(http, isActive: true, ct) is { } session)
        {
            await sessions.EndAsync(session, ct);
            streams.End(session.IdHash);
            log.SignedOut(session.Caller.Subject);
        }

        http.Response.Cookies.Delete(Sessions.Cookie, CookieOf(http, null));
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionView>> ViewAsync(HttpContext http, bool? idle, Sessions sessions, ServiceTokens exchange, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await sessions.FindAsync(http, isActive: idle is not true, ct) is not { } session)
            return TypedResults.Ok(new SessionView(false, null, null, [], [], null));

        // A page asks this as it opens and every two minutes: what it does next finds its tokens ready, and is two hops and no more.
        await WarmAsync(session, sessions, exchange, ct);
        var caller = session.Caller;
        return TypedResults.Ok(new SessionView(true, session.Name, caller.Subject, [.. caller.Roles.Order(StringComparer.Ordinal)], [.. caller.Scopes.Order(StringComparer.Ordinal)], session.Ends));
    }

    private static async Task WarmAsync(Session session, Sessions sessions, ServiceTokens exchange, CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(ApiRoutes.AppsFor(session.Caller.Scopes).Select(app =>
                exchange.RenewAsync(session.IdHash, ServiceTokens.AccessToken, token => sessions.AccessTokenAsync(session, Ahead, token), app, Ahead, ct)));
        }
        catch (IssuerException)
        {
            // The first request that needs one asks again, and tells if the issuer is still away.
        }
    }

    private static RedirectHttpResult Refused(ILogger log, string reason)
    {
        log.SignInRefused(reason);
        return TypedResults.Redirect("/?sign-in=refused");
    }

    private static string? Known(string? language) => language is "en" or "es" ? language : null;

    private static string Redirect(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}/signed-in";

#pragma warning disable S2092 // the portal of one machine is plain http on loopback
    private static CookieOptions CookieOf(HttpContext http, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
#pragma warning restore S2092
}
