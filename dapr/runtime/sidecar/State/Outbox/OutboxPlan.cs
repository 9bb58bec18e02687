namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>A transaction with the outbox: what is stored, and what is published with it.</summary>
internal sealed record OutboxPlan(IReadOnlyList<StateChange> Changes, IReadOnlyList<OutboxEvent> Events);
