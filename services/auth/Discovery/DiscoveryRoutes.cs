using System.Text.Json.Nodes;
using HmsMesh.Auth.Authorize;
using HmsMesh.Auth.Ending;
using HmsMesh.Auth.Grants;
using HmsMesh.Auth.Keys;
using HmsMesh.Kit;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Discovery;

/// <summary>How others find the way (OpenID Connect Discovery, RFC 8414) and the keys (RFC 7517).</summary>
internal static class DiscoveryRoutes
{
    private const string KeysPath = "/jwks";

    public static void MapDiscovery(this IEndpointRouteBuilder app)
    {
        var guard = app.ServiceProvider.GetRequiredService<Guard>();
        app.MapGet("/.well-known/openid-configuration", DescribeAsync).Public();
        app.MapGet("/.well-known/oauth-authorization-server", DescribeAsync).Public();
        app.MapGet(KeysPath, guard.Of(KeysAsync)).Public();
    }

    private static Task DescribeAsync(HttpContext http)
    {
        var issuer = http.RequestServices.GetRequiredService<Issuer>();
        return http.JsonAsync(new JsonObject
        {
            ["issuer"] = issuer.Address,
            ["authorization_endpoint"] = issuer.At(AuthorizeEndpoint.Path),
            ["token_endpoint"] = issuer.At(TokenEndpoint.Path),
            ["jwks_uri"] = issuer.At(KeysPath),
            ["revocation_endpoint"] = issuer.At(RevokeEndpoint.Path),
            ["end_session_endpoint"] = issuer.At(EndSessionEndpoint.Path),
            ["response_types_supported"] = new JsonArray("code"),
            ["response_modes_supported"] = new JsonArray("query"),
            ["grant_types_supported"] = new JsonArray([.. GrantTypes.All.Select(g => (JsonNode)g)]),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray(SecurityAlgorithms.RsaSha256),
            ["scopes_supported"] = new JsonArray(
                "openid", "profile", "claims.write", "claims.read", "capacity.write", "payments.operate", "audit.read", "topics",
                "payee.write", "messages.read", "documents.write", "documents.read"),
            ["claims_supported"] = new JsonArray("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "sid", "name"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "none"),
            ["revocation_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "none"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["authorization_response_iss_parameter_supported"] = true,
            ["ui_locales_supported"] = new JsonArray("en", "es"),
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["claims_parameter_supported"] = false,
        });
    }

    private static async Task KeysAsync(HttpContext http)
    {
        var keys = await http.RequestServices.GetRequiredService<KeyRing>().AllAsync(http.RequestAborted);
        await http.JsonAsync(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(k => Public(k.Key))]) });
    }

    private static JsonNode Public(RsaSecurityKey key) => new JsonObject
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["alg"] = SecurityAlgorithms.RsaSha256,
        ["kid"] = key.KeyId,
        ["n"] = Base64UrlEncoder.Encode(key.Parameters.Modulus),
        ["e"] = Base64UrlEncoder.Encode(key.Parameters.Exponent),
    };
}
