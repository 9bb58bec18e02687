using HmsMesh.Auth.Authorize;
using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Sessions;
using HmsMesh.Auth.Tokens;
using Microsoft.AspNetCore.WebUtilities;

namespace HmsMesh.Auth.Ending;

/// <summary>GET or POST /end-session (OpenID Connect RP-Initiated Logout): whose session, the ID token tells.</summary>
internal sealed class EndSessionEndpoint(ClientBook clients, SessionStore sessions, TokenReader reader, ILogger<EndSessionEndpoint> log)
{
    public const string Path = "/end-session";

    public async Task HandleAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (parameters, error) = HttpMethods.IsPost(http.Request.Method)
            ? await Parameters.OfFormAsync(http.Request, cancellationToken)
            : Parameters.Of(http.Request.Query);
        var texts = Texts.For(http.Request, parameters?["ui_locales"]);
        var hint = parameters?["id_token_hint"];
        var jwt = hint is null ? null : await reader.ReadAsync(hint, TokenWriter.IdType, audience: null, evenOver: true, cancellationToken);
        var client = jwt?.Audiences.FirstOrDefault() ?? parameters?["client_id"];
        if (error is not null || (hint is not null && jwt is null) || (parameters!["client_id"] is { } named && named != client))
        {
            await RefuseAsync(http, texts, "invalid_request");
            return;
        }

        var redirect = parameters["post_logout_redirect_uri"];
        var known = client is null ? null : clients.Find(client);
        if (redirect is not null && known?.SignedOut.Contains(redirect, StringComparer.Ordinal) != true)
        {
            await RefuseAsync(http, texts, "unregistered redirect");
            return;
        }

        if (known is not null && jwt is not null && jwt.TryGetPayloadValue<string>("sid", out var session))
        {
            await sessions.EndAsync(session, known.Id, cancellationToken);
            log.Ended(known.Id);
        }

        if (redirect is null)
        {
            await Page.MessageAsync(http, StatusCodes.Status200OK, texts, texts.SignedOutTitle, texts.SignedOut);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = parameters["state"] is { } state ? QueryHelpers.AddQueryString(redirect, "state", state) : redirect;
    }

    private Task RefuseAsync(HttpContext http, Texts texts, string why)
    {
        log.Refused(Path, "invalid_request", why);
        return Page.MessageAsync(http, StatusCodes.Status400BadRequest, texts, texts.BrokenTitle, texts.Broken);
    }
}
