namespace HmsMesh.Capacity.Facilities;

/// <summary>A site and whether it was last said to be low.</summary>
internal sealed record Facility
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>Under this many free beds the facility is low.</summary>
    public int Threshold { get; init; }

    public bool Low { get; init; }
}
