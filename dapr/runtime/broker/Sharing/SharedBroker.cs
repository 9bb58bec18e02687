using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Client;
using HmsMesh.Broker.Sharing.Wire;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Sharing;

/// <summary>
/// A folder's broker as one of its processes has it. The one that holds the folder's lock writes its log, and listens for the others; a
/// process that does not is a client of that one. When the writer is gone, every process tries the lock, and one takes over:
/// publishes without an answer are sent again, subscriptions attach again with what they have under way.
/// </summary>
internal sealed partial class SharedBroker : IEventBroker
{
    private readonly BrokerOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _switch = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SharedSubscription> _subscriptions = [];
    private readonly string _client = Guid.NewGuid().ToString("N");
    private readonly Lazy<Outbox> _outbox;
    private readonly Lazy<EventReader> _reader;
    private volatile LogBroker? _log;
    private volatile RemoteSession? _session;
    private TaskCompletionSource _available = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProcessLock? _alive;
    private WriterSeat? _seat;
    private Task _keeping = Task.CompletedTask;
    private long _nextSubscription;
    private long _lastDelivery;
    private int _closed;

    private SharedBroker(BrokerOptions options, string folder, ILogger logger)
    {
        (_options, Folder, Logger) = (options, folder, logger);
        _outbox = new(() => new Outbox(Time));
        _reader = new(() => new EventReader(Folder));
    }

    public string Folder { get; }

    public ILogger Logger { get; }

    /// <summary>Of sockets and takeovers; the log has its own.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    public Outbox Outbox => _outbox.Value;

    public EventReader Reader => _reader.Value;

    public async ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        if (_log is { } log)
        {
            return await log.PublishAsync(outgoing, cancellationToken).ConfigureAwait(false);
        }

        var results = await Outbox.PublishAsync([outgoing], _options.Time, cancellationToken).ConfigureAwait(false);
        return results[0];
    }

    public ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> outgoing, CancellationToken cancellationToken) =>
        _log is { } log ? log.PublishAsync(outgoing, cancellationToken)
        : outgoing.Count == 0 ? ValueTask.FromResult<IReadOnlyList<PublishResult>>([])
        : Outbox.PublishAsync(outgoing, _options.Time, cancellationToken);

    public async ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) => await AskAsync(
        async (log, cancel) =>
        {
            await log.RegisterAsync(options, cancel).ConfigureAwait(false);
            return true;
        },
        RequestKind.Register,
        writer => WireCodec.Write(writer, options),
        static _ => true,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken)
    {
        SharedSubscription? shared = null;
        while (true)
        {
            await AvailableAsync(cancellationToken).ConfigureAwait(false);
            await _switch.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (_log is { } log)
                {
                    return await log.SubscribeAsync(options, handler, cancellationToken).ConfigureAwait(false);
                }

                if (_session is { } session)
                {
                    shared ??= new SharedSubscription(this, Interlocked.Increment(ref _nextSubscription), options, handler);
                    lock (_gate)
                    {
                        _subscriptions.Add(shared.Id, shared);
                    }

                    await shared.AttachAsync(session, cancellationToken).ConfigureAwait(false);
                    return shared;
                }
            }
            catch (SessionLostException)
            {
                Forget(shared);
                await Task.Delay(TryAgain, Time, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // It may have been heard all the same.
                Forget(shared);
                (shared is null ? null : _session)?.Say(RequestKind.Detach, shared!.Id);
                throw;
            }
            finally
            {
                _switch.Release();
            }
        }
    }

    public ValueTask<int> ForgetAsync(string consumer, CancellationToken cancellationToken) => AskAsync(
        (log, cancel) => log.ForgetAsync(consumer, cancel), RequestKind.Forget, writer => writer.Text(consumer), ReadNumber, cancellationToken);

    public ValueTask<BrokerStatus> StatusAsync(CancellationToken cancellationToken) =>
        _log is { } log ? log.StatusAsync(cancellationToken)
        : AskAsync((local, cancel) => local.StatusAsync(cancel), RequestKind.Status, null, ReadStatus, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAsync(long fromOffset, bool follow, CancellationToken cancellationToken) =>
        _log is { } log ? log.ReadAsync(fromOffset, follow, cancellationToken) : ReadSegmentsAsync(fromOffset, follow, cancellationToken);

    /// <summary>The subscription of an id, or null where it has ended.</summary>
    public SharedSubscription? Find(long id)
    {
        lock (_gate)
        {
            return _subscriptions.GetValueOrDefault(id);
        }
    }

    /// <summary>Deliveries keep their numbers from one writer to the next.</summary>
    public void Delivered(long id) => _lastDelivery = Math.Max(_lastDelivery, id);

    public void CannotRead(long offset, string problem) => BrokerLog.CannotRead(Logger, offset, Folder, problem);

    public void ScheduleFailed(Exception e, SubscriptionOptions options) => BrokerLog.ScheduleFailed(Logger, e, options.Consumer, options.Topic);

    /// <summary>A subscription has ended, and so have its deliveries.</summary>
    public async ValueTask DetachAsync(SharedSubscription subscription)
    {
        if (!await _switch.WaitAsync(Protocol.Handshake, CancellationToken.None).ConfigureAwait(false))
        {
            // The writer answers nobody: it reads this when it does.
            Forget(subscription);
            _session?.Say(RequestKind.Detach, subscription.Id);
            return;
        }

        try
        {
            if (_session is { } session && _log is null)
            {
                await session.RequestAsync(RequestKind.Detach, writer => writer.Number(subscription.Id), _closing.Token)
                    .WaitAsync(Protocol.Handshake, Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SessionLostException or TimeoutException or BrokerException or OperationCanceledException)
        {
            // The next writer does not hear of it.
        }
        finally
        {
            Forget(subscription);
            _switch.Release();
        }
    }

    private static int ReadNumber(byte[] answer)
    {
        var reader = new PayloadReader(answer);
        return (int)reader.Number();
    }

    private static BrokerStatus ReadStatus(byte[] answer)
    {
        var reader = new PayloadReader(answer);
        return WireCodec.ReadStatus(ref reader);
    }

    private void Forget(SharedSubscription? subscription)
    {
        if (subscription is not null)
        {
            lock (_gate)
            {
                _subscriptions.Remove(subscription.Id);
            }
        }
    }

    /// <summary>Does it here where this process writes, else asks the one that does, and the next one where that goes away meanwhile.</summary>
    private async ValueTask<T> AskAsync<T>(
        Func<LogBroker, CancellationToken, ValueTask<T>> local, RequestKind kind, Action<PayloadWriter>? write, Func<byte[], T> read,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            await AvailableAsync(cancellationToken).ConfigureAwait(false);
            if (_log is { } log)
            {
                return await local(log, cancellationToken).ConfigureAwait(false);
            }

            if (_session is not { } session)
            {
                continue;
            }

            try
            {
                return read(await session.RequestAsync(kind, write, cancellationToken).ConfigureAwait(false));
            }
            catch (SessionLostException)
            {
                await Task.Delay(TryAgain, Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask AvailableAsync(CancellationToken cancellationToken)
    {
        if (_closing.IsCancellationRequested)
        {
            throw new BrokerException("The broker is closing.");
        }

        if (_log is null && _session is null)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
                await Volatile.Read(ref _available).Task.WaitAsync(Unavailable, Time, either.Token).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw new BrokerException($"No process writes the broker of {Folder}, and this one can't.", e);
            }
        }
    }
}
