namespace HmsMesh.Kit;

/// <summary>What became of an event that arrived.</summary>
public enum Outcome
{
    /// <summary>A handler did it, and its effects are saved.</summary>
    Handled,

    /// <summary>It was handled before.</summary>
    Duplicate,

    /// <summary>It breaks its contract, or is no event of the mesh: it goes to the dead letters.</summary>
    Dropped,

    /// <summary>The handler failed: it comes again.</summary>
    Failed,
}
