namespace HmsMesh.Auth.Secrets;

/// <summary>A secret cannot be had now; it may be later.</summary>
public sealed class SecretUnavailableException(string name, string reason, Exception? inner = null)
    : Exception($"the secret {name} cannot be had: {reason}. 'mesh up' makes it; a service run alone takes Secrets__{name}.", inner);
