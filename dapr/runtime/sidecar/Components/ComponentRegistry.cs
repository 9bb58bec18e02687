using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace HmsMesh.Sidecar.Components;

/// <summary>The open components of one sidecar, by name.</summary>
internal sealed class ComponentRegistry
{
    private readonly ConcurrentDictionary<string, LoadedComponent> _loaded = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<LoadedComponent> All => [.. _loaded.Values.OrderBy(component => component.Resource.Name, StringComparer.Ordinal)];

    /// <summary>Whether any component is of the building block, such as <c>IPubSub</c>.</summary>
    public bool Any<T>() where T : class, IComponent => _loaded.Values.Any(component => component.Instance is T);

    public bool TryGet<T>(string name, [NotNullWhen(true)] out T? component, [NotNullWhen(true)] out LoadedComponent? loaded)
        where T : class, IComponent
    {
        component = _loaded.TryGetValue(name, out loaded) ? loaded.Instance as T : null;
        return component is not null;
    }

    public bool TryGet<T>(string name, [NotNullWhen(true)] out T? component) where T : class, IComponent => TryGet(name, out component, out _);

    public void Add(LoadedComponent component) => _loaded[component.Resource.Name] = component;

    public bool TryRemove(string name, [NotNullWhen(true)] out LoadedComponent? component) => _loaded.TryRemove(name, out component);
}
