using System.Collections.Concurrent;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>The names of a process with many sidecars.</summary>
internal sealed class HostNames(SidecarDirectory directory, string appId, string space, AppCallee own, CallerHeaders caller) : INameBook
{
    private readonly ConcurrentDictionary<(string, string), (AppCallee[] Known, InstanceSet Set)> _sets = new();

    public void Register() => directory.Add(appId, space, own);

    public Task DeregisterAsync(CancellationToken cancellationToken)
    {
        directory.Remove(appId, space, own);
        return Task.CompletedTask;
    }

    public ValueTask<InstanceSet> FindAsync(string appId, string space, bool again, CancellationToken cancellationToken)
    {
        var known = directory.Find(appId, space);
        if (known.Length == 0)
        {
            _sets.TryRemove((appId, space), out _);
            return new(InstanceSet.Empty);
        }

        if (!_sets.TryGetValue((appId, space), out var cached) || !ReferenceEquals(cached.Known, known))
        {
            cached = (known, new InstanceSet([.. known.Select(app => new Instance(app.CalledBy(caller), ""))]).After(cached.Set ?? InstanceSet.Empty));
            _sets[(appId, space)] = cached;
        }

        return new(cached.Set);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
