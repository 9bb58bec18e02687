namespace HmsMesh.Sidecar.Components.StateInMemory;

/// <summary>state.in-memory.</summary>
internal sealed class InMemoryStateStoreFactory : IComponentFactory
{
    public string Type => "state.in-memory";

    public IReadOnlyList<string> MetadataNames => [];

    public ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken) =>
        new(new InMemoryStateStore(context.Services.Time));
}
