namespace HmsMesh.Capacity.Facilities;

/// <summary>What a change of free beds has to say to the mesh.</summary>
internal enum Alarm
{
    /// <summary>Nothing: the facility is on the side of its threshold where it was.</summary>
    None,
    Low,
    Restored,
}
