namespace HmsMesh.Gateway.Auth;

internal static class AuthSetup
{
    public static IServiceCollection AddAuth(this IServiceCollection services) =>
        services.AddSingleton<Secrets>().AddSingleton<OpenIdClient>().AddSingleton<ServiceTokens>();
}
