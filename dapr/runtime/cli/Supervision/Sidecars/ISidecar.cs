using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>One running sidecar, wherever it runs. Its declared subscriptions are registered and its API listens.</summary>
internal interface ISidecar : IAsyncDisposable
{
    /// <summary>Null where it runs in this process.</summary>
    int? Pid { get; }

    /// <summary>Completes when it has ended, with how it ended; never fails.</summary>
    Task<string> Ended { get; }

    /// <summary>Completes when the app is there and deliveries flow; with false where it ended before.</summary>
    Task<bool> ReadyAsync(CancellationToken cancellationToken);

    /// <summary>The circuit breakers that are not closed; none where it doesn't tell.</summary>
    Task<IReadOnlyList<OpenCircuit>> CircuitsAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more deliveries and waits for those under way; the app may still call it.</summary>
    Task StopDeliveriesAsync(CancellationToken cancellationToken);

    /// <summary>Deliveries end first, then the API. Cancelled, it ends at once.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
