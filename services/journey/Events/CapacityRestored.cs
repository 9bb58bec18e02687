namespace HmsMesh.Journey.Events;

/// <summary>afrh.capacity.restored, as far as this service reads it. Without a facility it is about every one.</summary>
public sealed record CapacityRestored(int BedsFree, string? Facility);
