namespace HmsMesh.Gateway.Auth;

/// <summary>What came of an exchange: a service token, or that the issuer refuses the caller.</summary>
/// <param name="Token">Null where it is refused.</param>
/// <param name="IsForbidden">The proof is good and does not reach this service.</param>
internal sealed record Exchange(ServiceToken? Token, bool IsForbidden);
