using HmsMesh.Sidecar.Secrets;

namespace HmsMesh.Sidecar.Components.SecretStoreLocalFile;

/// <summary>The secrets of a JSON file, as it was when the sidecar started.</summary>
internal sealed class LocalFileSecretStore(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets, bool multiValued) : ISecretStore
{
    public IReadOnlyList<string> Capabilities { get; } = multiValued ? ["MULTIPLE_KEY_VALUES_PER_SECRET"] : [];

    public ValueTask<IReadOnlyDictionary<string, string>?> GetAsync(string name, CancellationToken cancellationToken) =>
        new(secrets.GetValueOrDefault(name));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(CancellationToken cancellationToken) => new(secrets);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
