namespace HmsMesh.Auth.Grants;

/// <summary>Names of grants.</summary>
internal static class GrantTypes
{
    public const string Code = "authorization_code";
    public const string Refresh = "refresh_token";
    public const string ClientCredentials = "client_credentials";
    public const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    public static IReadOnlyList<string> All { get; } = [Code, Refresh, ClientCredentials, Exchange];
}
