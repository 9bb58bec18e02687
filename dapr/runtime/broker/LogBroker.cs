using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Writing;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>The broker over the log of one folder.</summary>
internal sealed class LogBroker : IEventBroker
{
    private const int MaxName = 512;
    private readonly BrokerCore _core;
    private readonly LogWriter _writer;
    private readonly ITimer _retention;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private List<Subscription>? _subscriptions = [];

    private LogBroker(BrokerCore core, LogWriter writer)
    {
        (_core, _writer) = (core, writer);
        var age = core.Options.Retention / 16;
        var every = age < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : age > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : age;
        _retention = core.Options.Time.CreateTimer(static state => ((BrokerCore)state!).Queue.TryAdd(new TrimRequest()), core, every, every);
    }

    public BrokerCore Core => _core;

    /// <summary>Opens the log of a folder whose lock the caller holds.</summary>
    public static LogBroker Open(BrokerOptions options, string folder, ILogger logger)
    {
        var started = options.Time.GetTimestamp();
        BrokerCore? core = null;
        try
        {
            var recovered = LogRecovery.Open(folder, options.Time.GetUtcNow());
            core = new BrokerCore(options, folder, recovered, logger);
            var roller = new SegmentRoller(core);
            roller.Open();
            if (recovered.Cut > 0)
            {
                BrokerLog.CutTornEnd(logger, recovered.Cut, core.Files.Active.Path);
            }

            BrokerLog.Opened(
                logger, folder, core.Files.Segments.Count, core.Files.Head, core.Groups.Count, (long)options.Time.GetElapsedTime(started).TotalMilliseconds);

            // Last: nothing may fail beside a writer that runs.
            var writer = new LogWriter(core, roller);
            var broker = new LogBroker(core, writer);
            writer.Start();
            return broker;
        }
        catch (Exception e)
        {
            core?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new BrokerException($"The broker folder {folder} can't be opened: {e.Message}", e);
            }

            throw;
        }
    }

    public async ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        var results = await PublishAsync([outgoing], cancellationToken).ConfigureAwait(false);
        return results[0];
    }

    public async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> outgoing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (outgoing.Count == 0)
        {
            return [];
        }

        foreach (var one in outgoing)
        {
            if (Refusal(one.PubSub, one.Topic, one.To) is { } refused)
            {
                return Refuse(outgoing.Count, refused.Status, refused.Problem!);
            }
        }

        var items = new PublishItem[outgoing.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Item(outgoing[i]);
        }

        var request = new PublishRequest(items);
        return _core.Queue.TryAdd(request) switch
        {
            null => await request.Done.WaitAsync(cancellationToken).ConfigureAwait(false),
            PublishStatus.Closed => Refuse(items.Length, PublishStatus.Closed, "The broker is closing."),
            var status => Refuse(items.Length, status.Value, "Too many publishes wait for the disk."),
        };
    }

    public async ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) =>
        await GroupAsync(options, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IBrokerSubscription> SubscribeAsync(
        SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken) =>
        await AttachAsync(options, handler, null, null, cancellationToken).ConfigureAwait(false);

    /// <summary>Attaches an instance of this process (a handler) or of another one (a link). What it had under way is adopted before it is
    /// given anything.</summary>
    public async ValueTask<Subscription> AttachAsync(
        SubscriptionOptions options, IDeliveryHandler? handler, IDeliveryLink? link, Action<Subscription>? adopt, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(options, cancellationToken).ConfigureAwait(false);
        var subscription = new Subscription(_core, group, options, handler, link, ClosedAsync);
        lock (_gate)
        {
            (_subscriptions ?? throw new BrokerException("The broker is closing.")).Add(subscription);
        }

        adopt?.Invoke(subscription);
        group.Attach(subscription);
        return subscription;
    }

    /// <summary>An event that another process has encoded, and that was inspected.</summary>
    public PublishItem Item(byte[] payload, in EventHead head, string? to) =>
        to is not null ? new PublishItem(_core.Topic(head.PubSub, head.Topic), payload, null, 0, Find(head.PubSub, head.Topic, to))
        : head is { DuplicateUntil: > 0, Id: { } id }
            ? new PublishItem(_core.Topic(head.PubSub, head.Topic), payload, DuplicateTable.Digest(head.PubSub, head.Topic, head.Source, id), head.DuplicateUntil)
            : new PublishItem(_core.Topic(head.PubSub, head.Topic), payload, null, 0);

    /// <summary>Why a publish for such a topic is refused; null where it is not.</summary>
    public PublishResult? Refusal(string pubSub, string topic, string? to)
    {
        if (!IsName(topic) || !IsName(pubSub))
        {
            return new(PublishStatus.TooLarge, 0, $"A topic and its component have names of 1 to {MaxName} characters.");
        }

        if (to is not null && Find(pubSub, topic, to) is null)
        {
            return new(PublishStatus.Failed, 0, $"{to} does not hear {topic} of {pubSub}.");
        }

        return _core.MayHave(pubSub, topic)
            ? null
            : new(PublishStatus.Full, 0, $"The log in {_core.Folder} has {BrokerCore.MaxTopics} topics, and {topic} would be another.");
    }

    public async ValueTask<int> ForgetAsync(string consumer, CancellationToken cancellationToken)
    {
        var groups = _core.Groups.Values.Where(one => one.Name == consumer).ToArray();
        if (Array.Find(groups, static one => one.Attached) is { } attached)
        {
            throw new BrokerException($"{consumer} is attached to {attached.Topic.Name}; stop it first.");
        }

        var forgotten = 0;
        foreach (var group in groups)
        {
            var request = new ForgetRequest(group);
            Add(request);
            forgotten += await request.Done.WaitAsync(cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return forgotten;
    }

    public IAsyncEnumerable<StoredEvent> ReadAsync(long fromOffset, bool follow, CancellationToken cancellationToken) =>
        EventStream.ReadAsync(_core.Files, fromOffset, follow, _closing.Token, cancellationToken);

    public ValueTask<BrokerStatus> StatusAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        new BrokerStatus(_core.Files.Head, Volatile.Read(ref _core.DuplicatesSeen), [.. _core.Groups.Values.Select(static one => one.Status())]));

    /// <summary>Takes nothing more for this process's own subscriptions, and waits for what they have under way.</summary>
    public async ValueTask EndSubscriptionsAsync()
    {
        Subscription[] own;
        lock (_gate)
        {
            own = [.. (_subscriptions ?? []).Where(static one => !one.IsRemote)];
        }

        await Task.WhenAll(own.Select(static one => one.EndAsync().AsTask())).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        List<Subscription>? open;
        lock (_gate)
        {
            (open, _subscriptions) = (_subscriptions, null);
        }

        if (open is null)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _retention.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(open.Select(static one => one.EndAsync().AsTask())).ConfigureAwait(false);
        foreach (var group in _core.Groups.Values)
        {
            _core.Queue.Moved(group, atOnce: false);
        }

        _core.Queue.Close();
        await _writer.EndAsync().ConfigureAwait(false);
        _core.SyncAcknowledged();
        _core.Dispose();
        _closing.Dispose();
    }

    private static PublishResult[] Refuse(int count, PublishStatus status, string problem)
    {
        var results = new PublishResult[count];
        Array.Fill(results, new PublishResult(status, 0, problem));
        return results;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MaxName;

    private PublishItem Item(OutgoingEvent outgoing)
    {
        var now = _core.Options.Time.GetUtcNow();
        var topic = _core.Topic(outgoing.PubSub, outgoing.Topic);
        var payload = EventCodec.Encode(outgoing, now, null);
        if (outgoing.To is { } to)
        {
            return new PublishItem(topic, payload, null, 0, Find(outgoing.PubSub, outgoing.Topic, to));
        }

        return outgoing is { Deduplication: { Ticks: > 0 } window, Id: { } id }
            ? new PublishItem(topic, payload, DuplicateTable.Digest(outgoing.PubSub, outgoing.Topic, outgoing.Source, id), EventCodec.Later(now, window))
            : new PublishItem(topic, payload, null, 0);
    }

    private ConsumerGroup? Find(string pubSub, string topic, string consumer) => _core.Groups.GetValueOrDefault((pubSub, topic, consumer));

    private void Add(WriteRequest request)
    {
        if (_core.Queue.TryAdd(request) is not null)
        {
            request.Abandon();
        }
    }

    private async Task<ConsumerGroup> GroupAsync(SubscriptionOptions options, CancellationToken cancellationToken)
    {
        if (!IsName(options.Consumer) || !IsName(options.Topic) || !IsName(options.PubSub) || !IsName(options.DeadLetterTopic ?? options.Topic))
        {
            throw new BrokerException($"Consumer, topic and component have names of 1 to {MaxName} characters.");
        }

        var request = new RegisterRequest(options);
        Add(request);
        return await request.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask ClosedAsync(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions?.Remove(subscription);
        }

        return ValueTask.CompletedTask;
    }
}
