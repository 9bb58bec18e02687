namespace HmsMesh.Gateway.Auth;

/// <summary>The issuer, or what is needed to speak with it, cannot be had now. Its text holds no token.</summary>
public sealed class IssuerException(string message, Exception? inner = null) : Exception(message, inner);
