namespace HmsMesh.Staffing.Events;

/// <summary>staffing.shift.scheduled: extra nurses are on shift at a facility.</summary>
public sealed record ShiftScheduled(string ShiftId, string Facility, int Nurses);
