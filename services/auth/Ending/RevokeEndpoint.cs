using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Sessions;
using HmsMesh.Auth.Tokens;

namespace HmsMesh.Auth.Ending;

/// <summary>POST /revoke (RFC 7009): ends the session of a refresh token, or of an access token. What was signed stays good for its few
/// minutes at services; the gateway gets nothing in exchange for it any more.</summary>
internal sealed class RevokeEndpoint(ClientDesk desk, SessionStore sessions, TokenReader reader, ILogger<RevokeEndpoint> log)
{
    public const string Path = "/revoke";

    public async Task HandleAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (form, error) = await Parameters.OfFormAsync(http.Request, cancellationToken);
        var proof = form is null ? null : await desk.AskAsync(http.Request, form, cancellationToken);
        error ??= proof!.Error ?? (form!["token"] is null ? new OAuthError("invalid_request", "token is needed.") : null);
        if (error is not null)
        {
            log.Refused(Path, error.Code, error.Description);
            await http.ErrorAsync(error);
            return;
        }

        var client = proof!.Client!.Id;
        var token = form!["token"]!;
        if (await sessions.RevokeRefreshAsync(token, client, cancellationToken))
        {
            log.Ended(client);
        }
        else if (await reader.ReadAsync(token, TokenWriter.AccessType, audience: null, evenOver: true, cancellationToken) is { } jwt
            && jwt.TryGetPayloadValue<string>("sid", out var session)
            && jwt.TryGetPayloadValue<string>("client_id", out var owner) && owner == client)
        {
            await sessions.EndAsync(session, client, cancellationToken);
            log.Ended(client);
        }

        // A token that nobody knows is as good as revoked (2.2).
        http.Response.StatusCode = StatusCodes.Status200OK;
    }
}
