using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HmsMesh.Auth;

/// <summary>How this issuer is called in what it signs.</summary>
internal sealed class Issuer(AuthSettings settings, IServer server)
{
    /// <summary>Configured, or where the server listens; known once it does.</summary>
    public string Address => field ??= settings.Issuer ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("The server does not listen yet: an issuer without Auth__Issuer has no name before it does.");

    public string At(string path) => Address.TrimEnd('/') + path;
}
