namespace HmsMesh.Auth.Sessions;

/// <summary>One sign-in at one client, and all tokens that come of it.</summary>
internal sealed record Session
{
    public string Id { get; init; } = "";

    public string Account { get; init; } = "";

    public string Client { get; init; } = "";

    public string Scope { get; init; } = "";

    public long SignedInAt { get; init; }

    public long ExpiresAt { get; init; }

    public long Ended { get; init; }
}
