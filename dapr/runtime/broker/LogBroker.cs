using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    private readonly ProcessLock _lock;
    private readonly ITimer _retention;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private List<Subscription>? _subscriptions = [];

    private LogBroker(BrokerCore core, LogWriter writer, ProcessLock folderLock)
    {
        (_core, _writer, _lock) = (core, writer, folderLock);
        var age = core.Options.Retention / 16;
        var every = age < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : age > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : age;
        _retention = core.Options.Time.CreateTimer(static state => ((BrokerCore)state!).Queue.TryAdd(new TrimRequest()), core, every, every);
    }

    public static LogBroker Open(BrokerOptions options, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        var folder = MakeFolder(options.Path);
        NetworkFileSystem.Refuse(folder);
        var folderLock = WriterLock.Take(folder);
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

            var writer = new LogWriter(core, roller);
            writer.Start();
            BrokerLog.Opened(
                logger, folder, core.Files.Segments.Count, core.Files.Head, core.Groups.Count, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return new LogBroker(core, writer, folderLock);
        }
        catch (Exception e)
        {
            core?.Dispose();
            folderLock.Dispose();
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

        if (outgoing.FirstOrDefault(static one => !IsName(one.Topic) || !IsName(one.PubSub)) is not null)
        {
            return Refuse(outgoing.Count, PublishStatus.TooLarge, $"A topic and its component have names of 1 to {MaxName} characters.");
        }

        if (outgoing.FirstOrDefault(one => !_core.MayHave(one.PubSub, one.Topic)) is { } more)
        {
            return Refuse(outgoing.Count, PublishStatus.Full, $"The log in {_core.Folder} has {BrokerCore.MaxTopics} topics, and {more.Topic} would be another.");
        }

        if (outgoing.FirstOrDefault(one => one.To is { } to && Find(one, to) is null) is { } lost)
        {
            return Refuse(outgoing.Count, PublishStatus.Failed, $"{lost.To} does not hear {lost.Topic} of {lost.PubSub}.");
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
        SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(options, cancellationToken).ConfigureAwait(false);
        var subscription = new Subscription(_core, group, options, handler, ClosedAsync);
        lock (_gate)
        {
            (_subscriptions ?? throw new BrokerException("The broker is closing.")).Add(subscription);
        }

        group.Attach(subscription);
        return subscription;
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

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        long fromOffset, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new LogReader(_core.Files);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var offset = fromOffset;
        while (!either.IsCancellationRequested)
        {
            offset = Math.Max(offset, _core.Files.Segments[0].Base);
            if (TryRead(reader, offset, out var record))
            {
                offset++;
                if (record.Kind == RecordKind.Event)
                {
                    yield return record.Event(null);
                }

                continue;
            }

            reader.Rest();
            if (!follow || !await MoreAsync(offset, either.Token).ConfigureAwait(false))
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public ValueTask<BrokerStatus> StatusAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        new BrokerStatus(_core.Files.Head, Volatile.Read(ref _core.DuplicatesSeen), [.. _core.Groups.Values.Select(static one => one.Status())]));

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
        _lock.Dispose();
        _closing.Dispose();
    }

    private static string MakeFolder(string path)
    {
        var folder = Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                Posix.SyncDirectory(Path.GetDirectoryName(folder) ?? folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The broker folder {folder} can't be made: {e.Message}", e);
        }

        return folder;
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
            return new PublishItem(topic, payload, null, 0, Find(outgoing, to));
        }

        return outgoing is { Deduplication: { Ticks: > 0 } window, Id: { } id }
            ? new PublishItem(topic, payload, DuplicateTable.Digest(outgoing.PubSub, outgoing.Topic, outgoing.Source, id), EventCodec.Later(now, window))
            : new PublishItem(topic, payload, null, 0);
    }

    private ConsumerGroup? Find(OutgoingEvent outgoing, string consumer) =>
        _core.Groups.GetValueOrDefault((outgoing.PubSub, outgoing.Topic, consumer));

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

    private async ValueTask<bool> MoreAsync(long offset, CancellationToken cancellationToken)
    {
        try
        {
            await _core.Files.WaitAsync(offset, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool TryRead(LogReader reader, long offset, out LogRecord record)
    {
        try
        {
            return reader.TryRead(offset, out record);
        }
        catch (ObjectDisposedException)
        {
            // The broker has closed meanwhile: there is nothing more to read.
            record = default;
            return false;
        }
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
