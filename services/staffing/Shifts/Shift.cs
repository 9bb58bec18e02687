namespace HmsMesh.Staffing.Shifts;

/// <summary>Extra nurses at a facility, from a shortage of beds to its end.</summary>
internal sealed record Shift
{
    public string Id { get; init; } = "";

    public string Facility { get; init; } = "";

    public int Nurses { get; init; }

    public string ScheduledAt { get; init; } = "";

    /// <summary>Null while they are on shift.</summary>
    public string? ReleasedAt { get; init; }
}
