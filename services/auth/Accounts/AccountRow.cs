namespace HmsMesh.Auth.Accounts;

/// <summary>What is kept of an account: its opaque id, made once, and the hash of its password.</summary>
internal sealed record AccountRow
{
    public string Subject { get; init; } = "";

    public string PasswordHash { get; init; } = "";
}
