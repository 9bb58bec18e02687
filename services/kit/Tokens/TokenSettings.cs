using Microsoft.Extensions.Configuration;

namespace HmsMesh.Kit;

/// <summary>Whose tokens this service takes.</summary>
internal sealed class TokenSettings
{
    private readonly string _key;

    /// <param name="configuration">What the environment says.</param>
    /// <param name="key">Its key that names the issuers, such as <c>Auth:Issuer</c>.</param>
    /// <param name="audience">Whom the tokens are meant for.</param>
    public TokenSettings(IConfiguration configuration, string key, string audience)
    {
        _key = key.Replace(":", "__", StringComparison.Ordinal);
        Audience = audience;
        Issuers = List(configuration[key]);
        foreach (var issuer in Issuers)
        {
            Check(issuer);
        }

        if (List(configuration["Auth:Types"]) is { Count: > 0 } types)
        {
            Types = types;
        }
    }

    public string Audience { get; }

    /// <summary>None: every route that needs a token is closed.</summary>
    public IReadOnlyList<string> Issuers { get; }

    /// <summary>RFC 9068 gives access tokens a type of their own, so that an ID token, which may have the same audience, is none.
    /// An issuer that does not follow it needs <c>Auth__Types</c>.</summary>
    public IReadOnlyList<string> Types { get; } = ["at+jwt", "application/at+jwt"];

    public string Missing => $"no issuer of tokens is configured: set {_key}";

    private static List<string> List(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];

    // Keys that come over a wire which others can write on prove nothing.
    private void Check(string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new MeshConfigurationException($"{_key}: '{issuer}' is no address of an OpenID Connect issuer.");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        {
            throw new MeshConfigurationException($"{_key}: '{issuer}' must be https; plain http is for this machine alone.");
        }
    }
}
