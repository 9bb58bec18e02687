using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>The brokers that one process has open, by folder: the sidecars of one host share them. A broker closes with its last user.</summary>
public sealed class BrokerPool(ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Opens the folder's broker, or shares the one that is open. Dispose the lease, not the broker.</summary>
    public ValueTask<BrokerLease> RentAsync(BrokerOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException(loggers.ToString());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
