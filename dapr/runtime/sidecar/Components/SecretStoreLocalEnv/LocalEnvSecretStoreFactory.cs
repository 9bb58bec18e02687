namespace HmsMesh.Sidecar.Components.SecretStoreLocalEnv;

/// <summary>secretstores.local.env.</summary>
internal sealed class LocalEnvSecretStoreFactory : IComponentFactory
{
    public string Type => "secretstores.local.env";

    public IReadOnlyList<string> MetadataNames { get; } = ["prefix"];

    public ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken) =>
        new(new LocalEnvSecretStore(context.Options.Environment, context.Metadata.Text("prefix") ?? ""));
}
