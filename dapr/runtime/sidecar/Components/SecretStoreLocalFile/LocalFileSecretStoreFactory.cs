namespace HmsMesh.Sidecar.Components.SecretStoreLocalFile;

/// <summary>secretstores.local.file.</summary>
internal sealed class LocalFileSecretStoreFactory : IComponentFactory
{
    public string Type => "secretstores.local.file";

    public IReadOnlyList<string> MetadataNames { get; } = ["secretsFile", "nestedSeparator", "multiValued"];

    public ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken) =>
        new(new LocalFileSecretStore(SecretFile.Read(context.Metadata), context.Metadata.Flag("multiValued")));
}
