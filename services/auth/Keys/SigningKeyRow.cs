namespace HmsMesh.Auth.Keys;

/// <summary>A key as it lies in the database.</summary>
internal sealed record SigningKeyRow
{
    public string Id { get; init; } = "";

    public string Sealed { get; init; } = "";

    public long SignsFrom { get; init; }
}
