using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Auth.Accounts;
using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Secrets;
using HmsMesh.Auth.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace HmsMesh.Auth.Authorize;

/// <summary>GET or POST /authorize shows the sign-in page; POST /sign-in takes it.</summary>
internal sealed class AuthorizeEndpoint(
    AuthorizeChecker checker,
    ClientBook clients,
    SignIn signIn,
    SessionStore sessions,
    VaultProvider vaults,
    IAntiforgery antiforgery,
    Issuer issuer,
    TimeProvider time,
    ILogger<AuthorizeEndpoint> log)
{
    public const string Path = "/authorize";
    public const string SignInPath = "/sign-in";
    private const string Purpose = "authorize-request";
    private const int LongestName = 64;
    private const int LongestPassword = 128;

    public async Task ShowAsync(HttpContext http)
    {
        var (parameters, error) = HttpMethods.IsPost(http.Request.Method)
            ? await Parameters.OfFormAsync(http.Request, http.RequestAborted)
            : Parameters.Of(http.Request.Query);
        var check = parameters is null ? new AuthorizeCheck(null, error) : checker.Check(parameters);
        if (check.Request is { } request)
        {
            await FormAsync(http, request, message: null, StatusCodes.Status200OK);
            return;
        }

        log.Refused(Path, check.Error!.Code, check.Error.Description);
        if (check.Redirect is null)
        {
            var texts = Texts.For(http.Request, parameters?["ui_locales"]);
            await Page.MessageAsync(http, StatusCodes.Status400BadRequest, texts, texts.BrokenTitle, texts.Broken);
            return;
        }

        Return(http, check.Redirect, check.State, [("error", check.Error.Code), ("error_description", check.Error.Description)]);
    }

    public async Task TakeAsync(HttpContext http)
    {
        var (form, _) = await Parameters.OfFormAsync(http.Request, http.RequestAborted);
        if (form?["request"] is not { } carried || await OpenAsync(carried, http.RequestAborted) is not { } request
            || clients.Find(request.Client)?.MayRedirectTo(request.Redirect) != true || !await antiforgery.IsRequestValidAsync(http))
        {
            var texts = Texts.For(http.Request, null);
            log.Refused(SignInPath, "invalid_request", "a page that is too old, or not from here");
            await Page.MessageAsync(http, StatusCodes.Status400BadRequest, texts, texts.BrokenTitle, texts.TooOld);
            return;
        }

        var (name, password) = (form["username"], form["password"]);
        if (name is not { Length: <= LongestName } || password is not { Length: <= LongestPassword })
        {
            await FormAsync(http, request, Texts.For(http.Request, request.Locales).Wrong, StatusCodes.Status400BadRequest);
            return;
        }

        var result = await signIn.TryAsync(name, password, http.RequestAborted);
        if (result.Account is not { } account)
        {
            await RefuseAsync(http, request, result.LockedFor);
            return;
        }

        var code = await sessions.BeginAsync(account.Name, request.Client, request.Scope, request.Redirect, request.Challenge, request.Nonce, http.RequestAborted);
        log.SignedIn(request.Client);
        Return(http, request.Redirect, request.State, [("code", code)]);
    }

    private Task RefuseAsync(HttpContext http, AuthorizeRequest request, TimeSpan? lockedFor)
    {
        var texts = Texts.For(http.Request, request.Locales);
        if (lockedFor is not { } rest)
        {
            log.SignInFailed(request.Client);
            return FormAsync(http, request, texts.Wrong, StatusCodes.Status401Unauthorized);
        }

        log.SignInLocked(request.Client);
        var minutes = Math.Max(1, (int)Math.Ceiling(rest.TotalMinutes));
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling(rest.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return FormAsync(http, request, texts.Locked(minutes), StatusCodes.Status429TooManyRequests);
    }

    private async Task FormAsync(HttpContext http, AuthorizeRequest request, string? message, int status)
    {
        var vault = (await vaults.OpenAsync(http.RequestAborted)).CreateProtector(Purpose);
        var carried = WebEncoders.Base64UrlEncode(vault.Protect(JsonSerializer.SerializeToUtf8Bytes(request)));
        var tokens = antiforgery.GetAndStoreTokens(http);
        await Page.SignInAsync(http, status, Texts.For(http.Request, request.Locales), clients.Find(request.Client)!.Name, request.Redirect, carried, tokens, message);
    }

    private async Task<AuthorizeRequest?> OpenAsync(string carried, CancellationToken cancellationToken)
    {
        try
        {
            var vault = (await vaults.OpenAsync(cancellationToken)).CreateProtector(Purpose);
            var request = JsonSerializer.Deserialize<AuthorizeRequest>(vault.Unprotect(WebEncoders.Base64UrlDecode(carried)));
            return request?.ExpiresAt > time.GetUtcNow().ToUnixTimeMilliseconds() ? request : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    // With the issuer, so that a client of several knows whose answer it is (RFC 9207).
    private void Return(HttpContext http, string redirect, string? state, IEnumerable<(string Name, string Value)> answer)
    {
        var query = answer.Select(a => KeyValuePair.Create(a.Name, (string?)a.Value)).Append(new("iss", issuer.Address));
        if (state is not null)
            query = query.Append(new("state", state));
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = QueryHelpers.AddQueryString(redirect, query);
    }
}
