namespace HmsMesh.Kit;

/// <summary>An issuer's keys cannot be had now.</summary>
public sealed class IssuerUnavailableException(string issuer, string reason) : Exception($"the issuer {issuer} cannot be reached: {reason}");
