namespace HmsMesh.Gateway.SignIn;

/// <summary>A session in the database.</summary>
internal sealed record SessionRow
{
    public string IdHash { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Sealed { get; init; } = "";

    public string SeenAt { get; init; } = "";

    public string EndsAt { get; init; } = "";
}
