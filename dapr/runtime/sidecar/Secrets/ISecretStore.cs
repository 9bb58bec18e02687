using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.Secrets;

public interface ISecretStore : IComponent
{
    /// <summary>The values of one secret by their key; null: there is none.</summary>
    ValueTask<IReadOnlyDictionary<string, string>?> GetAsync(string name, CancellationToken cancellationToken);

    ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(CancellationToken cancellationToken);
}
