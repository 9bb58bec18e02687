using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.State.Outbox;

namespace HmsMesh.Sidecar.State;

/// <summary>A state store; keys carry their prefix already.</summary>
public interface IStateStore : IComponent
{
    /// <summary>The items of the keys, in their order; null where there is none, or where it has expired. Throws
    /// <see cref="SidecarException"/> where the store can't be read.</summary>
    ValueTask<IReadOnlyList<StateItem?>> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Applies each change on its own, or all or none (where <paramref name="atomic"/>). One outcome each; the first that
    /// isn't applied ends an atomic change, and those after it say so too.</summary>
    ValueTask<IReadOnlyList<StateOutcome>> ApplyAsync(IReadOnlyList<StateChange> changes, bool atomic, CancellationToken cancellationToken);

    /// <summary>Applies all changes and keeps the events for <see cref="PendingAsync"/>, or does neither.</summary>
    ValueTask<IReadOnlyList<StateOutcome>> CommitAsync(
        IReadOnlyList<StateChange> changes, IReadOnlyList<OutboxEvent> events, CancellationToken cancellationToken);

    /// <summary>The oldest events of an app that are kept, in the order of their transactions. Throws <see cref="SidecarException"/>.</summary>
    ValueTask<IReadOnlyList<OutboxRow>> PendingAsync(string app, int most, CancellationToken cancellationToken);

    /// <summary>Forgets events that a broker has accepted. Throws <see cref="SidecarException"/>.</summary>
    ValueTask RemoveAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken);
}
