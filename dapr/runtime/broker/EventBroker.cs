using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>Opens the broker of a folder.</summary>
public static class EventBroker
{
    /// <summary>Takes the folder's lock, walks the log, and is ready. Throws <see cref="BrokerException"/> where another process
    /// holds the folder, where it lies on a network file system, or where the log is damaged.</summary>
    public static async ValueTask<IEventBroker> OpenAsync(BrokerOptions options, ILogger logger, CancellationToken cancellationToken) =>
        await Task.Run(() => LogBroker.Open(options, logger), cancellationToken).ConfigureAwait(false);
}
