using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>The brokers that one process has open, by folder: the sidecars of one host share them. A broker closes with its last user.</summary>
public sealed class BrokerPool(ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Dictionary<string, Shared> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Opens the folder's broker, or shares the one that is open. Dispose the lease, not the broker.</summary>
    public async ValueTask<BrokerLease> RentAsync(BrokerOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path));
        var logger = loggers.CreateLogger("HmsMesh.Broker");

        // Opening and closing exclude each other, so that a folder is never opened while its last user still closes it.
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_open.TryGetValue(folder, out var shared))
            {
                shared = new Shared(await EventBroker.OpenAsync(options, logger, cancellationToken).ConfigureAwait(false), options);
                _open.Add(folder, shared);
            }
            else if (shared.Options with { Path = options.Path } != options)
            {
                BrokerLog.OtherOptions(logger, folder);
            }

            shared.Users++;
            var released = 0;
            return new BrokerLease(shared.Broker, () => Interlocked.Exchange(ref released, 1) == 0 ? ReleaseAsync(folder, shared) : default);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var shared in _open.Values)
            {
                await shared.Broker.DisposeAsync().ConfigureAwait(false);
            }

            _open.Clear();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask ReleaseAsync(string folder, Shared shared)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (--shared.Users == 0 && _open.TryGetValue(folder, out var current) && current == shared)
            {
                _open.Remove(folder);
                await shared.Broker.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed class Shared(IEventBroker broker, BrokerOptions options)
    {
        public IEventBroker Broker { get; } = broker;

        public BrokerOptions Options { get; } = options;

        public int Users { get; set; }
    }
}
