using HmsMesh.Sidecar.Components.SecretStoreLocalEnv;
using HmsMesh.Sidecar.Components.SecretStoreLocalFile;
using HmsMesh.Sidecar.Components.StateInMemory;
using HmsMesh.Sidecar.Components.StateSqlite;

namespace HmsMesh.Sidecar.Components;

/// <summary>Every component type that the sidecar knows.</summary>
internal static class BuiltInComponents
{
    public static IReadOnlyList<IComponentFactory> All { get; } =
    [
        new PubSubEmbedded.EmbeddedPubSubFactory(),
        new PubSubInMemory.InMemoryPubSubFactory(),
        new LocalEnvSecretStoreFactory(),
        new LocalFileSecretStoreFactory(),
        new InMemoryStateStoreFactory(),
        new SqliteStateStoreFactory(),
    ];
}
