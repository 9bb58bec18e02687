namespace HmsMesh.Kit.Tests;

/// <summary>What the sample service says.</summary>
public sealed record ShiftScheduled(string Facility, int Nurses, decimal Cost, string? Note = null);
