using System.Security.Cryptography;
using System.Text;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Limits;
using HmsMesh.Gateway.Problems;
using HmsMesh.Gateway.SignIn;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Identity;

/// <summary>Checks who calls, once: by access token, by API key, or by session cookie. Behind it a <see cref="Visitor"/> is known,
/// with a token for the one service that the endpoint forwards to.</summary>
internal sealed class Door(RequestDelegate next, ITokenChecker tokens, Subjects subjects, ServiceTokens exchange, Sessions sessions, UnknownKeys unknown)
{
    public const string KeyHeader = "X-API-Key";
    public const string CsrfHeader = "X-CSRF";
    private const string Scheme = "Bearer ";
    private const int LongestProof = 8192;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Destination>() is not { Scope: { } scope } destination)
        {
            await next(http);
            return;
        }

        if (await VisitorAsync(http, destination) is not { } visitor)
            return;
        http.Features.Set(visitor);
        if (!visitor.Caller.Scopes.Contains(scope))
        {
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"gateway\", error=\"insufficient_scope\", scope=\"{scope}\"";
            await http.RefuseAsync(StatusCodes.Status403Forbidden, "Not allowed", $"This needs the permission {scope}, which you do not have.");
            return;
        }

        await next(http);
    }

    internal static string Hash(string proof) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(proof)));

    private static Task RefuseAsync(HttpContext http, string detail, bool isInvalid)
    {
        http.Response.Headers.WWWAuthenticate = isInvalid ? "Bearer realm=\"gateway\", error=\"invalid_token\"" : "Bearer realm=\"gateway\"";
        return http.RefuseAsync(StatusCodes.Status401Unauthorized, "Sign in first", detail);
    }

    private async Task<Visitor?> VisitorAsync(HttpContext http, Destination to)
    {
        var bearer = http.Request.Headers.Authorization;
        var key = http.Request.Headers[KeyHeader];
        if (bearer.Count + key.Count > 1)
        {
            await http.RefuseAsync(StatusCodes.Status400BadRequest, "More than one proof", "Show one access token or one API key, not both.");
            return null;
        }

        if (bearer.Count == 1)
            return await ByTokenAsync(http, to, bearer[0] ?? "");
        return key.Count == 1 ? await ByKeyAsync(http, to, key[0] ?? "") : await BySessionAsync(http, to);
    }

    private async Task<Visitor?> ByTokenAsync(HttpContext http, Destination to, string header)
    {
        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length <= LongestProof ? header[Scheme.Length..].Trim() : "";
        var check = await tokens.CheckAsync(token, http.RequestAborted);
        if (check.IsUnavailable)
            throw new IssuerException(check.Fault!);
        if (check.Caller is not { } named)
        {
            await RefuseAsync(http, $"The access token is refused: {check.Fault}.", isInvalid: true);
            return null;
        }

        var caller = subjects.Named(named);

        // Too little is told before anything is asked of the issuer.
        var holder = Hash(token);
        return caller.Scopes.Contains(to.Scope!)
            ? await WithServiceTokenAsync(http, to, caller, holder, ServiceTokens.AccessToken, _ => ValueTask.FromResult<string?>(token), session: null)
            : new Visitor(caller, null, holder, null);
    }

    private async Task<Visitor?> ByKeyAsync(HttpContext http, Destination to, string key)
    {
        if (key.Length is < 16 or > 512 || key.Any(c => !char.IsAscii(c) || char.IsControl(c)))
        {
            await RefuseAsync(http, "The API key is not known.", isInvalid: true);
            return null;
        }

        var holder = Hash(key);
        Exchange result;
        try
        {
            result = await ExchangeKeyAsync(holder, key, LimitSetup.AddressOf(http), to.App, http.RequestAborted);
        }
        catch (UnknownKeysException)
        {
            await http.RefuseAsync(StatusCodes.Status429TooManyRequests, "Too many unknown keys", "Too many API keys from here were not known. Wait a minute.", TimeSpan.FromMinutes(1));
            return null;
        }

        if (result.Token is { } token)
            return new Visitor(token.Caller, token.Value, holder, null);
        if (result.IsForbidden)
        {
            await http.RefuseAsync(StatusCodes.Status403Forbidden, "Not allowed", $"This needs the permission {to.Scope}, which this API key does not have.");
            return null;
        }

        await RefuseAsync(http, "The API key is not known.", isInvalid: true);
        return null;
    }

    private async Task<Exchange> ExchangeKeyAsync(string holder, string key, string address, string app, CancellationToken ct)
    {
        var isTaken = false;
        try
        {
            var result = await exchange.GetAsync(holder, ServiceTokens.ApiKey, Show, app, ct);
            if (isTaken && (result.Token is not null || result.IsForbidden))
                unknown.GiveBack(address);
            return result;
        }
        catch (IssuerException) when (isTaken)
        {
            unknown.GiveBack(address);
            throw;
        }

        // Asked for by the one request that goes to the issuer, not by those that share its answer.
        ValueTask<string?> Show(CancellationToken showing)
        {
            if (!unknown.TryTake(address))
                throw new UnknownKeysException();
            isTaken = true;
            return ValueTask.FromResult<string?>(key);
        }
    }

    private async Task<Visitor?> BySessionAsync(HttpContext http, Destination to)
    {
        if (await sessions.FindAsync(http, isActive: !to.IsStream, http.RequestAborted) is not { } session)
        {
            await RefuseAsync(http, "This needs a sign-in, an access token or an API key.", isInvalid: false);
            return null;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && http.Request.Headers[CsrfHeader] != "1")
        {
            await http.RefuseAsync(StatusCodes.Status403Forbidden, "Not from our page", $"A change by a signed-in browser needs the header {CsrfHeader}: 1.");
            return null;
        }

        return session.Caller.Scopes.Contains(to.Scope!)
            ? await WithServiceTokenAsync(http, to, session.Caller, session.IdHash, ServiceTokens.AccessToken, ct => sessions.AccessTokenAsync(session, Sessions.Margin, ct), session)
            : new Visitor(session.Caller, null, session.IdHash, session);
    }

    private async Task<Visitor?> WithServiceTokenAsync(
        HttpContext http, Destination to, Caller caller, string holder, string type, Func<CancellationToken, ValueTask<string?>> proof, Session? session)
    {
        var result = await exchange.GetAsync(holder, type, proof, to.App, http.RequestAborted);
        if (result.Token is { } token)
            return new Visitor(caller, token.Value, holder, session);
        if (result.IsForbidden)
            await http.RefuseAsync(StatusCodes.Status403Forbidden, "Not allowed", $"You may not use {to.App}.");
        else
            await RefuseAsync(http, "Your sign-in has ended. Sign in again.", isInvalid: true);
        return null;
    }
}
