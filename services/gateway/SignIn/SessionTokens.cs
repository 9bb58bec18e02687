namespace HmsMesh.Gateway.SignIn;

/// <summary>What a session holds, sealed in its row.</summary>
internal sealed record SessionTokens(string Access, DateTimeOffset AccessEnds, string? Refresh, string Name, string Client, string[] Scopes, string[] Roles)
{
    /// <summary>A compiler-made text would hold the tokens.</summary>
    public override string ToString() => Client;
}
