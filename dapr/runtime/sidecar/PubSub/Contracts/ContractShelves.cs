using System.Collections.Concurrent;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>The contracts that the sidecars of a process check by, once for each set of folders.</summary>
internal static class ContractShelves
{
    private static readonly ConcurrentDictionary<string, ContractShelf> Shelves = new(StringComparer.Ordinal);

    public static ContractShelf Of(IReadOnlyList<string> folders, SidecarServices services) =>
        Shelves.GetOrAdd(
            string.Join('\n', folders),
            static (_, state) => new(state.folders, state.services.Time, state.services.Loggers.CreateLogger("dapr.contracts")),
            (folders, services));
}
