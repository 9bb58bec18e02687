using HmsMesh.Broker.Sharing.Client;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing;

/// <content>Subscriptions, and how they come to each new writer.</content>
internal sealed partial class SharedBroker
{
    private SharedSubscription[] Subscriptions()
    {
        lock (_gate)
        {
            return [.. _subscriptions.Values];
        }
    }

    /// <summary>Attaches to this process's log or by the session to another's. One that is refused is tried again; the others go on.</summary>
    private async Task AttachAsync(SharedSubscription subscription, LogBroker? log, RemoteSession? session)
    {
        try
        {
            await (log is not null
                ? subscription.AttachAsync(log, CancellationToken.None)
                : subscription.AttachAsync(session!, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (SessionLostException)
        {
            // Whoever follows the session finds out.
        }
        catch (BrokerException e)
        {
            BrokerLog.NotAttached(Logger, subscription.Options.Consumer, subscription.Options.Topic, TryAgainLater.TotalSeconds, e.Message);
            _ = AttachLaterAsync(subscription, log, session);
        }
    }

    private async Task AttachLaterAsync(SharedSubscription subscription, LogBroker? log, RemoteSession? session)
    {
        try
        {
            await Task.Delay(TryAgainLater, Time, _closing.Token).ConfigureAwait(false);
            await _switch.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        try
        {
            // Another writer was attached to as a whole.
            if (_log == log && (log is not null || _session == session) && Find(subscription.Id) == subscription)
            {
                await AttachAsync(subscription, log, session).WaitAsync(Protocol.Handshake, Time, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _switch.Release();
        }
    }
}
