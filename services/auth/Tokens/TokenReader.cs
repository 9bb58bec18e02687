using HmsMesh.Auth.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Tokens;

/// <summary>Reads tokens that this issuer signed itself.</summary>
internal sealed class TokenReader(Issuer issuer, KeyRing keys, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 8192 };

    /// <summary>Null for what is not one of ours, or of another type or audience, or over.</summary>
    /// <param name="token">What was shown.</param>
    /// <param name="type">An access token or an ID token.</param>
    /// <param name="audience">Null for any.</param>
    /// <param name="evenOver">A token whose time is over still tells whose it was.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<JsonWebToken?> ReadAsync(string token, string type, string? audience, bool evenOver, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Address,
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidTypes = [type],
            IssuerSigningKeys = (await keys.AllAsync(cancellationToken)).Select(k => k.Key),
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (_, expires, _, _) => expires is not null && (evenOver || now < expires),
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }
}
