using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>A subscription that outlasts the writers under which it lives: attached to another process's log, and, should this process become
/// the writer, to its own.</summary>
internal sealed class SharedSubscription(SharedBroker broker, long id, SubscriptionOptions options, IDeliveryHandler handler) : IBrokerSubscription, IDeliveryLink
{
    /// <summary>Answered deliveries that are not known to be on disk; more are delivered again after a takeover.</summary>
    private const int MaxKept = 1 << 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, UnderWay> _underWay = [];
    private readonly Topic _topic = new(options.PubSub, options.Topic);
    private RemoteSession? _session;
    private Subscription? _local;
    private TaskCompletionSource? _idle;
    private int _running;
    private bool _paused;
    private bool _ended;

    public long Id { get; } = id;

    public SubscriptionOptions Options { get; } = options;

    bool IDeliveryLink.IsDeaf => false;

    public void Pause() => Pause(true);

    public void Resume() => Pause(false);

    /// <summary>Attaches to another process's log; what is under way, and what was answered and may not have been heard, is told with it.</summary>
    public Task AttachAsync(RemoteSession session, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _session = session;
            var claims = _underWay.Values.OrderBy(static one => one.Id).Select(static one => new UnderWayClaim(one.Id, one.Offsets, one.Tries, one.Verdicts));
            var attach = new AttachRequest(Id, Options, _paused, [.. claims]);
            return session.RequestAsync(RequestKind.Attach, writer => WireCodec.Write(writer, attach), cancellationToken);
        }
    }

    /// <summary>Attaches to the log that this process writes by now, which adopts what is under way.</summary>
    public async Task AttachAsync(LogBroker log, CancellationToken cancellationToken) =>
        await log.AttachAsync(Options, handler, null, Adopt, cancellationToken).ConfigureAwait(false);

    public void Lost(RemoteSession session)
    {
        lock (_gate)
        {
            _session = _session == session ? null : _session;
        }
    }

    /// <summary>The writer gives a delivery.</summary>
    public void Deliver(UnderWay delivery)
    {
        lock (_gate)
        {
            if (!_underWay.TryAdd(delivery.Id, delivery))
            {
                throw new ProtocolException($"a delivery {delivery.Id} given twice");
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(delivery, preferLocal: false);
    }

    public void Cancel(long delivery)
    {
        lock (_gate)
        {
            _underWay.GetValueOrDefault(delivery)?.Cancel();
        }
    }

    public void Settled(long delivery)
    {
        lock (_gate)
        {
            _underWay.Remove(delivery);
        }
    }

    void IDeliveryLink.Deliver(RemoteDelivery delivery) => throw new InvalidOperationException("It is given nothing by this way.");

    void IDeliveryLink.Doubt()
    {
        // It is this process.
    }

    void IDeliveryLink.Cancel(RemoteDelivery delivery) => Cancel(delivery.Id);

    void IDeliveryLink.Settled(RemoteDelivery delivery) => Settled(delivery.Id);

    public async Task HandleAsync(UnderWay delivery)
    {
        bool takes;
        lock (_gate)
        {
            takes = !_paused && !_ended;
        }

        var verdicts = takes ? await JudgeAsync(delivery).ConfigureAwait(false) : All(delivery, new Verdict(VerdictKind.GivenBack));
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = verdicts[i].Kind is VerdictKind.Failed ? Schedule(verdicts[i], delivery.Tries[i]) : verdicts[i];
        }

        RemoteDelivery? adopted;
        lock (_gate)
        {
            delivery.Verdicts = verdicts;
            delivery.Dispose();
            adopted = delivery.Adopted;
            if (_underWay.Count > MaxKept || Array.TrueForAll(verdicts, static one => one.Kind is VerdictKind.GivenBack))
            {
                _underWay.Remove(delivery.Id);
            }

            _session?.Say(Id, delivery);
            if (--_running == 0)
            {
                _idle?.TrySetResult();
            }
        }

        if (adopted is not null && !adopted.Complete(verdicts))
        {
            Settled(delivery.Id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            if (_ended && _idle is null)
            {
                return;
            }

            _ended = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _running == 0 ? Task.CompletedTask : _idle.Task;
        }

        if (_local is { } local)
        {
            await local.DisposeAsync().ConfigureAwait(false);
        }

        await idle.ConfigureAwait(false);
        await broker.DetachAsync(this).ConfigureAwait(false);
        if (_local is { } late)
        {
            await late.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Pause(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            _session?.Say(paused ? FrameKind.Pause : FrameKind.Resume, Id);
            if (paused)
            {
                _local?.Pause();
            }
            else
            {
                _local?.Resume();
            }
        }
    }

    private void Adopt(Subscription subscription)
    {
        lock (_gate)
        {
            (_session, _local) = (null, subscription);
            if (_paused)
            {
                subscription.Pause();
            }

            foreach (var one in _underWay.Values.OrderBy(static one => one.Id).ToArray())
            {
                one.Adopted = new RemoteDelivery(this, subscription, subscription.Group, one.Id, one.Offsets, one.Tries);
                if (subscription.Group.Adopt(one.Adopted, one.Verdicts))
                {
                    continue;
                }

                if (one.Verdicts is null)
                {
                    one.Cancel();
                }
                else
                {
                    _underWay.Remove(one.Id);
                }
            }
        }
    }

    private async ValueTask<Verdict[]> JudgeAsync(UnderWay delivery)
    {
        var deliveries = new Delivery[delivery.Offsets.Length];
        try
        {
            for (var i = 0; i < deliveries.Length; i++)
            {
                deliveries[i] = new Delivery { Event = broker.Reader.Read(delivery.Offsets[i], delivery.Places[i], _topic), Try = delivery.Tries[i] };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BrokerException or InvalidDataException or ObjectDisposedException)
        {
            // What is damaged stays with the writer, which reads it too; here nothing is known of it.
            broker.CannotRead(delivery.Offsets[0], e.Message);
            return All(delivery, new Verdict(VerdictKind.GivenBack, e.Message));
        }

        try
        {
            var verdicts = await handler.HandleAsync(deliveries, delivery.Cancelled).ConfigureAwait(false);
            return verdicts.Count == deliveries.Length
                ? [.. verdicts]
                : All(delivery, new Verdict(VerdictKind.Failed, $"The handler gave {verdicts.Count} verdicts for {deliveries.Length} events."));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return All(delivery, new Verdict(VerdictKind.Failed, $"{e.GetType().Name}: {e.Message}"));
        }
    }

    private Verdict Schedule(Verdict verdict, int tries)
    {
        TimeSpan? delay;
        try
        {
            delay = Options.Retry.DelayAfter(tries);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            broker.ScheduleFailed(e, Options);
            delay = TimeSpan.FromSeconds(1);
        }

        return verdict with { Scheduled = true, RetryAfter = delay };
    }

    private static Verdict[] All(UnderWay delivery, Verdict verdict)
    {
        var verdicts = new Verdict[delivery.Offsets.Length];
        Array.Fill(verdicts, verdict);
        return verdicts;
    }
}
