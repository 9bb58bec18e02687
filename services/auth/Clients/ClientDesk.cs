using System.Net;
using System.Text;

namespace HmsMesh.Auth.Clients;

/// <summary>Finds out which client calls (RFC 6749, 2.3): by Basic, by fields of the form, or, where it is public, by its id alone.</summary>
internal sealed class ClientDesk(ClientBook clients)
{
    private const string Scheme = "Basic ";
    private static readonly ClientProof Unknown = new(null, false, new OAuthError("invalid_client", "The client is not known, or its secret is wrong.", StatusCodes.Status401Unauthorized));

    public async ValueTask<ClientProof> AskAsync(HttpRequest request, Parameters form, CancellationToken cancellationToken)
    {
        var (id, secret) = (form["client_id"], form["client_secret"]);
        if (request.Headers.Authorization is { Count: > 0 } header)
        {
            if (secret is not null)
                return new ClientProof(null, false, new OAuthError("invalid_request", "The client shows its secret twice."));
            if (header.Count > 1 || Basic(header[0]) is not { } basic || (id is not null && id != basic.Id))
                return Unknown;
            (id, secret) = basic;
        }

        if (id is null || clients.Find(id) is not { } client)
            return Unknown;
        if (secret is null)
            return client.Public ? new ClientProof(client, false, null) : Unknown;
        return await clients.ProvesAsync(client, secret, cancellationToken) ? new ClientProof(client, true, null) : Unknown;
    }

    private static (string Id, string Secret)? Basic(string? header)
    {
        if (header is not { Length: <= 1024 } || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair.Length == 2 ? (WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair[1])) : null;
    }
}
