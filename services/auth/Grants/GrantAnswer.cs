using System.Text.Json.Nodes;

namespace HmsMesh.Auth.Grants;

/// <summary>What the token endpoint answers: tokens, or why not.</summary>
internal sealed record GrantAnswer
{
    public OAuthError? Error { get; private init; }

    public string AccessToken { get; init; } = "";

    public int ExpiresIn { get; init; }

    public string Scope { get; init; } = "";

    public string Audience { get; init; } = "";

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    public string? IssuedTokenType { get; init; }

    public static GrantAnswer Refused(string code, string description) => new() { Error = new OAuthError(code, description) };

    public JsonObject Json()
    {
        var json = new JsonObject { ["access_token"] = AccessToken, ["token_type"] = "Bearer", ["expires_in"] = ExpiresIn, ["scope"] = Scope };
        if (RefreshToken is not null)
            json["refresh_token"] = RefreshToken;
        if (IdToken is not null)
            json["id_token"] = IdToken;
        if (IssuedTokenType is not null)
            json["issued_token_type"] = IssuedTokenType;
        return json;
    }
}
