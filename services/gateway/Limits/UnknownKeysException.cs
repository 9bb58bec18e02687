namespace HmsMesh.Gateway.Limits;

/// <summary>Too many API keys from one address were not known: the issuer is not asked about one more.</summary>
public sealed class UnknownKeysException() : Exception("too many API keys from one address were not known");
