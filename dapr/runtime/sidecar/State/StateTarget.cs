using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.State.Outbox;
using Polly;

namespace HmsMesh.Sidecar.State;

/// <summary>A state store with what its resource and the policies say of it.</summary>
/// <param name="Prefix">What stands in front of the app's keys, separator and all.</param>
/// <param name="Reads">Around a read.</param>
/// <param name="Writes">Around a write; its result: whether another try may change anything.</param>
internal sealed record StateTarget(
    LoadedComponent Loaded, IStateStore Store, string Prefix, OutboxSettings? Outbox,
    ResiliencePipeline<IReadOnlyList<StateItem?>> Reads, ResiliencePipeline<bool> Writes)
{
    public string Name => Loaded.Resource.Name;
}
