namespace HmsMesh.Sidecar.Components;

/// <summary>Makes the components of one type. Throws <see cref="SidecarException"/> where metadata is wrong or the thing can't be opened.</summary>
public interface IComponentFactory
{
    /// <summary>Such as state.sqlite.</summary>
    string Type { get; }

    /// <summary>The names of its metadata; one that isn't known is named in the log.</summary>
    IReadOnlyList<string> MetadataNames { get; }

    ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken);
}
