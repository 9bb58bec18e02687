using HmsMesh.Broker.Sharing;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>Opens the broker of a folder.</summary>
public static class EventBroker
{
    /// <summary>Opens the folder's log, or joins the process that has it open already; ready when it returns. Throws
    /// <see cref="BrokerException"/> where that process can't be shared, where the folder lies on a network file system, or where the
    /// log is damaged.</summary>
    public static ValueTask<IEventBroker> OpenAsync(BrokerOptions options, ILogger logger, CancellationToken cancellationToken) =>
        SharedBroker.OpenAsync(options, logger, cancellationToken);
}
