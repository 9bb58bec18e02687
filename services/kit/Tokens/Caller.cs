namespace HmsMesh.Kit;

/// <summary>For whom a call is made, as a token says that was checked.</summary>
/// <param name="Subject">The citizen's opaque id, or the client where it speaks for itself.</param>
/// <param name="Client">The client that got the token.</param>
/// <param name="Scopes">What the token allows.</param>
/// <param name="Roles">What the subject is.</param>
public sealed record Caller(string Subject, string Client, IReadOnlySet<string> Scopes, IReadOnlySet<string> Roles)
{
    /// <summary>Who says so. Two issuers may give one subject to two people.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>When the token ends: an answer that goes on for long, such as a stream, goes on no longer.</summary>
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;
}
