namespace HmsMesh.Kit.Tests;

/// <summary>What the sample service hears.</summary>
public sealed record BedsLow(int BedsFree, string? Facility = null, string? Note = null);
