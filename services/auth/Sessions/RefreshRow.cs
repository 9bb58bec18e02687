namespace HmsMesh.Auth.Sessions;

/// <summary>A refresh token, by its hash.</summary>
internal sealed record RefreshRow
{
    public string Session { get; init; } = "";

    public long Used { get; init; }
}
