namespace HmsMesh.Gateway.SignIn;

/// <summary>A sign-in that began in this browser, sealed in a cookie of ten minutes.</summary>
internal sealed record Pending(string State, string Nonce, string Verifier, string Return, DateTimeOffset Ends);
