using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.State.Outbox;

namespace HmsMesh.Sidecar.State;

/// <summary>The state stores of a sidecar, with prefixes and policies worked out once for each.</summary>
internal sealed class StateDirectory(SidecarRuntime runtime, PubSubDirectory shared)
{
    private readonly ConcurrentDictionary<string, StateTarget> _targets = new(StringComparer.Ordinal);

    /// <summary>Forgets what was worked out with policies that changed.</summary>
    public void Reload() => _targets.Clear();

    public bool TryGet(string name, [NotNullWhen(true)] out StateTarget? target)
    {
        if (!runtime.Components.TryGet<IStateStore>(name, out var store, out var loaded))
        {
            target = null;
            return false;
        }

        if (!_targets.TryGetValue(name, out target) || !ReferenceEquals(target.Loaded, loaded))
        {
            var policy = shared.Policies.StateOutbound(name);
            target = new(
                loaded,
                store,
                KeyPrefix.Of(loaded, runtime.Options),
                OutboxSettings.Read(loaded),
                PolicyPipeline.WithRetries<IReadOnlyList<StateItem?>>(policy, static _ => false, runtime.Time),
                PolicyPipeline.WithRetries<bool>(policy, static done => !done, runtime.Time));
            _targets[name] = target;
        }

        return true;
    }
}
