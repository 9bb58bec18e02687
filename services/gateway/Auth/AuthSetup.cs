namespace HmsMesh.Gateway.Auth;

internal static class AuthSetup
{
    public static IServiceCollection AddAuth(this IServiceCollection services) =>
        services.AddSingleton<Secrets>()
            .AddSingleton(provider => OpenIdClient.ForSignIn(provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<Secrets>()))
            .AddKeyedSingleton(ServiceTokens.IssuerKey, (provider, _) => OpenIdClient.ForExchange(provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<Secrets>()))
            .AddSingleton<ServiceTokens>();
}
