namespace HmsMesh.Broker.Consumers;

/// <summary>One instance of a consumer. Its group's lock guards what it counts.</summary>
internal sealed class Subscription : IBrokerSubscription
{
    /// <summary>A batch of large events goes before it has all that it may have, as it is one delivery in memory.</summary>
    private const int MaxBatchBytes = 4 << 20;
    private readonly BrokerCore _core;
    private readonly ConsumerGroup _group;
    private readonly List<PendingEvent> _batch = [];
    private readonly ITimer? _batchTimer;
    private readonly Func<Subscription, ValueTask> _closed;
    private readonly IDeliveryHandler? _handler;
    private readonly IDeliveryLink? _link;
    private TaskCompletionSource? _idle;
    private long _batchDue;
    private long _batchBytes;
    private int _inFlight;
    private volatile bool _paused;
    private volatile bool _ended;

    public Subscription(
        BrokerCore core, ConsumerGroup group, SubscriptionOptions options, IDeliveryHandler? handler, IDeliveryLink? link, Func<Subscription, ValueTask> closed)
    {
        (_core, _group, Options, _handler, _link, _closed) = (core, group, options, handler, link, closed);
        _batchTimer = options is { BatchSize: > 1, BatchWait.Ticks: > 0 }
            ? core.Options.Time.CreateTimer(static state => ((ConsumerGroup)state!).Signal(), group, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
            : null;
    }

    public SubscriptionOptions Options { get; }

    public IDeliveryHandler Handler => _handler ?? throw new InvalidOperationException("It is handled elsewhere.");

    /// <summary>Whether another process handles what it is given.</summary>
    public bool IsRemote => _link is not null;

    public ConsumerGroup Group => _group;

    public TimeProvider Time => _core.Options.Time;

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool Paused => _paused;

    public bool HasRoom => !_paused && !_ended && InFlight < Options.Concurrency && _link is not { IsDeaf: true };

    /// <summary>Whether it has events that wait for more to go with.</summary>
    public bool FillsBatch => _batch.Count > 0;

    public void Pause()
    {
        _paused = true;
        _group.Paused(this);
    }

    public void Resume()
    {
        _paused = false;
        _group.Resumed();
    }

    /// <summary>Sends an event on its way, or collects it for a batch.</summary>
    public void Offer(PendingEvent pending)
    {
        if (Options.BatchSize <= 1)
        {
            Start([pending]);
            return;
        }

        _batch.Add(pending);
        _batchBytes += pending.Event!.Data.Length;
        if (_batch.Count >= Options.BatchSize || _batchBytes >= MaxBatchBytes)
        {
            Start(TakeBatch());
        }
    }

    /// <summary>Nothing more is there: a batch that has waited long enough goes as it is.</summary>
    public void FlushBatch()
    {
        if (_batch.Count == 0 || !HasRoom)
        {
            return;
        }

        var now = _core.Now;
        if (_batchTimer is null || (_batchDue != 0 && now >= _batchDue))
        {
            Start(TakeBatch());
        }
        else
        {
            _batchDue = _batchDue == 0 ? now + Options.BatchWait.Ticks : _batchDue;
            _batchTimer.Change(TimeSpan.FromTicks(_batchDue - now) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    public PendingEvent[] TakeBatch()
    {
        var batch = _batch.ToArray();
        _batch.Clear();
        (_batchDue, _batchBytes) = (0, 0);
        return batch;
    }

    /// <summary>A delivery begins.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>A delivery ended.</summary>
    public void Free()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _idle?.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await _closed(this).ConfigureAwait(false);
    }

    /// <summary>Takes nothing more and waits for deliveries under way.</summary>
    public async ValueTask EndAsync()
    {
        _ended = true;

        // The broker that closes and the subscription's owner may both end it: they wait for the same.
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
        _group.Detach(this);
        if (InFlight > 0)
        {
            await idle.Task.ConfigureAwait(false);
        }

        if (_batchTimer is not null)
        {
            await _batchTimer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Start(PendingEvent[] events)
    {
        Begin();
        ThreadPool.UnsafeQueueUserWorkItem(
            _link is null ? new DeliveryJob(this, _group, events) : new RemoteDelivery(_link, this, _group, events), preferLocal: false);
    }
}
