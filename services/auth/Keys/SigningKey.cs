using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Keys;

/// <summary>A key of this issuer.</summary>
/// <param name="Key">The key, whose id names it to those who check.</param>
/// <param name="SignsFrom">Published before, so that all know it by then.</param>
internal sealed record SigningKey(RsaSecurityKey Key, DateTimeOffset SignsFrom);
