namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>An event that a store keeps until it is published.</summary>
/// <param name="Sequence">Its place among all that the store ever kept.</param>
public sealed record OutboxRow(long Sequence, OutboxEvent Event);
