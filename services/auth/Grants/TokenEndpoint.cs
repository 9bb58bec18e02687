using HmsMesh.Auth.Clients;

namespace HmsMesh.Auth.Grants;

/// <summary>POST /token.</summary>
internal sealed class TokenEndpoint(ClientDesk desk, SessionGrant sessions, ServiceGrant services, ILogger<TokenEndpoint> log)
{
    public const string Path = "/token";

    public async Task HandleAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (form, error) = await Parameters.OfFormAsync(http.Request, cancellationToken);
        if (form is null)
        {
            await RefuseAsync(http, error!);
            return;
        }

        var proof = await desk.AskAsync(http.Request, form, cancellationToken);
        if (proof.Client is not { } client)
        {
            await RefuseAsync(http, proof.Error!);
            return;
        }

        var grant = form["grant_type"];
        var answer = await AnswerAsync(client, proof.HasProved, grant, form, cancellationToken);
        if (answer.Error is { } refused)
        {
            await RefuseAsync(http, refused);
            return;
        }

        log.Granted(client.Id, grant!, answer.Audience);
        await http.JsonAsync(answer.Json());
    }

    private async Task<GrantAnswer> AnswerAsync(Client client, bool hasProved, string? grant, Parameters form, CancellationToken cancellationToken)
    {
        if (grant is null)
            return GrantAnswer.Refused("invalid_request", "grant_type is needed.");
        if (!GrantTypes.All.Contains(grant, StringComparer.Ordinal))
            return GrantAnswer.Refused("unsupported_grant_type", "This server has no such grant.");
        if (!client.May(grant))
            return GrantAnswer.Refused("unauthorized_client", "The client may not use this grant.");

        // A public client has nothing but what the citizen's sign-in gave it.
        if (!hasProved && grant is (GrantTypes.ClientCredentials or GrantTypes.Exchange))
            return GrantAnswer.Refused("unauthorized_client", "This grant needs the client's secret.");
        return grant switch
        {
            GrantTypes.Code => await sessions.ByCodeAsync(client, form, cancellationToken),
            GrantTypes.Refresh => await sessions.ByRefreshAsync(client, form, cancellationToken),
            GrantTypes.ClientCredentials => await services.ByClientAsync(client, form, cancellationToken),
            _ => await services.ByExchangeAsync(client, form, cancellationToken),
        };
    }

    private Task RefuseAsync(HttpContext http, OAuthError error)
    {
        log.Refused(Path, error.Code, error.Description);
        return http.ErrorAsync(error);
    }
}
