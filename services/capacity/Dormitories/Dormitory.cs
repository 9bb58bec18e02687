namespace HmsMesh.Capacity.Dormitories;

/// <summary>A dormitory; closed, it has no residents and its beds do not count.</summary>
internal sealed record Dormitory
{
    public string Id { get; init; } = "";

    public string Facility { get; init; } = "";

    public string Name { get; init; } = "";

    public int Beds { get; init; }

    public int Residents { get; init; }

    public bool Closed { get; init; }

    public int BedsFree => Closed ? 0 : Beds - Residents;
}
