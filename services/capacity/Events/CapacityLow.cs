namespace HmsMesh.Capacity.Events;

/// <summary>afrh.capacity.low: free beds have fallen under the facility's threshold.</summary>
public sealed record CapacityLow(int BedsFree, string? Facility);
