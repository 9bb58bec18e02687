namespace HmsMesh.Staffing.Events;

/// <summary>afrh.capacity.low, as far as this service reads it. Without a facility it is about every one.</summary>
public sealed record CapacityLow(int BedsFree, string? Facility);
