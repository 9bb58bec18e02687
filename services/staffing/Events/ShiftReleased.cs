namespace HmsMesh.Staffing.Events;

/// <summary>staffing.shift.released: the extra nurses of a shift are free again.</summary>
public sealed record ShiftReleased(string ShiftId, string Facility, int Nurses);
