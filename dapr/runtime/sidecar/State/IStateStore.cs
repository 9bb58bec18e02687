using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.State;

/// <summary>A state store; keys carry their prefix already.</summary>
public interface IStateStore : IComponent
{
    ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Applies all or nothing (where <paramref name="atomic"/>), else each on its own; one outcome each.</summary>
    ValueTask<IReadOnlyList<StateOutcome>> ApplyAsync(IReadOnlyList<StateChange> changes, bool atomic, CancellationToken cancellationToken);
}
