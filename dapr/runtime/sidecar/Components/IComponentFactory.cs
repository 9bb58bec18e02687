namespace HmsMesh.Sidecar.Components;

/// <summary>Makes the components of one type. Throws <see cref="SidecarException"/> where metadata is wrong or the thing can't be opened.</summary>
public interface IComponentFactory
{
    /// <summary>Such as state.sqlite.</summary>
    string Type { get; }

    ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken);
}
