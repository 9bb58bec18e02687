using HmsMesh.Auth.Accounts;
using HmsMesh.Auth.Authorize;
using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Ending;
using HmsMesh.Auth.Grants;
using HmsMesh.Auth.Keys;
using HmsMesh.Auth.Secrets;
using HmsMesh.Auth.Sessions;
using HmsMesh.Auth.Tokens;
using HmsMesh.Kit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HmsMesh.Auth;

/// <summary>What this service is made of.</summary>
internal static class AuthExtensions
{
    public static void AddAuth(this MeshService mesh)
    {
        var services = mesh.Services;
        services.AddSingleton<AuthSettings>();
        services.AddSingleton<Issuer>();
        services.AddSingleton<Guard>();
        services.AddSingleton<SecretBook>();
        services.AddSingleton<VaultProvider>();
        services.AddSingleton<ClientBook>();
        services.AddSingleton<ClientDesk>();
        services.AddSingleton<AccountBook>();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<ForeignAccounts>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<TokenWriter>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<SessionGrant>();
        services.AddSingleton<ServiceGrant>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<RevokeEndpoint>();
        services.AddSingleton<EndSessionEndpoint>();
        services.AddSingleton<AuthorizeChecker>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddHostedService<Opening>();

        // It warns at each page that it sets the very headers that are set already.
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error));
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "hms-auth-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.FormFieldName = "form_token";
            o.SuppressXFrameOptionsHeader = true;
        });

        // The framework's key ring would be made in a home folder at every start; the vault takes its place.
        services.RemoveAll<IDataProtectionProvider>();
        services.AddSingleton<IDataProtectionProvider>(p => p.GetRequiredService<VaultProvider>());
        foreach (var warmUp in services.Where(d => d.ServiceType == typeof(IHostedService) && d.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly).ToList())
            services.Remove(warmUp);
    }
}
