using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HmsMesh.Kit;

/// <summary>Routes that know who calls.</summary>
public static class TokenExtensions
{
    /// <summary>Trusts the OpenID Connect issuers that <c>Auth__Issuer</c> names, for tokens whose audience is this app id.</summary>
    public static MeshService TrustsTokens(this MeshService mesh) => mesh.TrustsTokens("Auth:Issuer", audience: null);

    /// <summary>Trusts other issuers, or tokens for somebody else: a service that gives tokens in exchange for those of others.</summary>
    /// <param name="mesh">The service.</param>
    /// <param name="issuers">The key of configuration that names them, several by comma.</param>
    /// <param name="audience">Whom the tokens are meant for; null for this app.</param>
    public static MeshService TrustsTokens(this MeshService mesh, string issuers, string? audience)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentException.ThrowIfNullOrWhiteSpace(issuers);
        mesh.Services.TryAddSingleton(provider => new TokenSettings(
            provider.GetRequiredService<IConfiguration>(), issuers, audience ?? provider.GetRequiredService<MeshSettings>().AppId));
        mesh.Services.TryAddSingleton<TokenChecker>();
        mesh.Services.TryAddSingleton<ITokenChecker>(provider => provider.GetRequiredService<TokenChecker>());
        mesh.Services.TryAddSingleton<IIssuerKeys>(provider => provider.GetRequiredService<TokenChecker>());
        return mesh;
    }

    /// <summary>Lets through who shows a token that allows <paramref name="scope"/>; said twice, both are needed.
    /// The app token is needed too.</summary>
    public static T Needs<T>(this T endpoint, string scope)
        where T : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        endpoint.Add(builder => builder.Metadata.Add(new NeedsMetadata(scope)));
        return endpoint;
    }

    /// <summary>Who calls, on a route that needs a scope.</summary>
    public static Caller Caller(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Features.Get<Caller>() ?? throw new InvalidOperationException($"{http.GetEndpoint()?.DisplayName} says .Needs(scope) of no scope: nobody has checked who calls.");
    }
}
