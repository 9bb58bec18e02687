using HmsMesh.Sidecar.Components;

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
}
