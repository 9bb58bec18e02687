namespace HmsMesh.Capacity.Events;

/// <summary>afrh.capacity.restored: free beds are at the facility's threshold again, or above it.</summary>
public sealed record CapacityRestored(int BedsFree, string? Facility);
