using System.Collections.Concurrent;
using HmsMesh.Sidecar.Invocation;

namespace HmsMesh.Sidecar;

/// <summary>The sidecars of one process, by name: they find each other here and call without a socket between them.</summary>
public sealed class SidecarDirectory
{
    private readonly ConcurrentDictionary<(string AppId, string Space), AppCallee[]> _apps = new();

    internal void Add(string appId, string space, AppCallee app) =>
        _apps.AddOrUpdate((appId, space), static (_, app) => [app], static (_, others, app) => [.. others, app], app);

    internal void Remove(string appId, string space, AppCallee app)
    {
        while (_apps.TryGetValue((appId, space), out var all) && !_apps.TryUpdate((appId, space), [.. all.Where(other => other != app)], all))
        {
            // Somebody else came or went meanwhile.
        }
    }

    /// <summary>The instances of an app; the same array for as long as none comes or goes.</summary>
    internal AppCallee[] Find(string appId, string space) => _apps.GetValueOrDefault((appId, space), []);
}
