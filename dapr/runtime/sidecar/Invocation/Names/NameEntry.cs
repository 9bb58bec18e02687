namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>What was last read of a name, and when.</summary>
internal sealed class NameEntry
{
    public InstanceSet Set { get; set; } = InstanceSet.Empty;

    /// <summary>Zero: never.</summary>
    public long Read { get; set; }

    public Task? Reading { get; set; }
}
