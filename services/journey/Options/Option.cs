namespace HmsMesh.Journey.Options;

/// <summary>What a citizen can do at one facility now.</summary>
internal sealed record Option
{
    public string Facility { get; init; } = "";

    public string Name { get; init; } = "";

    public string Place { get; init; } = "";

    public string About { get; init; } = "";

    public bool CanApply { get; init; }

    /// <summary>The number of the change that made it so; numbers grow over all facilities.</summary>
    public long Version { get; init; }
}
