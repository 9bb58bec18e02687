namespace HmsMesh.Documents.Storing;

/// <summary>A document that is kept.</summary>
internal sealed record Document
{
    public string Id { get; init; } = "";

    public string Citizen { get; init; } = "";

    /// <summary>In lower-case hex.</summary>
    public string Sha256 { get; init; } = "";

    public long Bytes { get; init; }

    public string ContentType { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long StoredAt { get; init; }

    /// <summary>Its address at the gateway, which alone gives it out.</summary>
    public string Url => $"/api/documents/{Id}";
}
