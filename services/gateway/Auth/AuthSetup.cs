namespace HmsMesh.Gateway.Auth;

internal static class AuthSetup
{
    public static IServiceCollection AddAuth(this IServiceCollection services) =>
        services.AddSingleton<Secrets>()
            .AddSingleton(provider => OpenIdClient.ForSignIn(provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<Secrets>()))
            .AddKeyedSingleton(ServiceTokens.IssuerKey, (provider, _) => ForExchange(provider))
            .AddSingleton<ServiceTokens>();

    // Where it is one issuer, its discovery document and its connections are shared.
    private static OpenIdClient ForExchange(IServiceProvider provider) =>
        provider.GetRequiredService<GatewayOptions>() is { HasOneIssuer: false } options
            ? OpenIdClient.ForExchange(options, provider.GetRequiredService<Secrets>())
            : provider.GetRequiredService<OpenIdClient>();
}
