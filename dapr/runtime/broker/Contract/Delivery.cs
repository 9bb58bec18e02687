namespace HmsMesh.Broker;

/// <summary>One event on its way to one consumer.</summary>
public sealed record Delivery
{
    public required StoredEvent Event { get; init; }

    /// <summary>1 for the first try; counted on disk, over restarts.</summary>
    public required int Try { get; init; }
}
