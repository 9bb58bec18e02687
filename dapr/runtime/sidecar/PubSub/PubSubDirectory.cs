using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Resiliency;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>The pub/sub components of a sidecar, with scopes and policies worked out once for each.</summary>
internal sealed class PubSubDirectory(SidecarRuntime runtime)
{
    private readonly ConcurrentDictionary<string, PubSubTarget> _targets = new(StringComparer.Ordinal);

    public ResiliencyPolicies Policies { get; private set; } = new([], runtime.Time, runtime.Logger("dapr.runtime.resiliency"));

    /// <summary>Reads the policies anew and forgets what was worked out with the old ones.</summary>
    public void Reload()
    {
        Policies = new(runtime.Resources.Resiliencies, runtime.Time, runtime.Logger("dapr.runtime.resiliency"));
        _targets.Clear();
    }

    public bool TryGet(string name, [NotNullWhen(true)] out PubSubTarget? target)
    {
        if (!runtime.Components.TryGet<IPubSub>(name, out var component, out var loaded))
        {
            target = null;
            return false;
        }

        if (!_targets.TryGetValue(name, out target) || !ReferenceEquals(target.Loaded, loaded))
        {
            var outbound = PolicyPipeline.WithRetries<bool>(Policies.PubSubOutbound(name), static accepted => !accepted, runtime.Time);
            target = new(loaded, component, new(loaded.Resource.Metadata, runtime.Options.AppId), outbound);
            _targets[name] = target;
        }

        return true;
    }
}
