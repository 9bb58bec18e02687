using System.Threading.Channels;
using HmsMesh.Broker;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components.PubSubInMemory;

/// <summary>The queue of one subscription and the one worker that empties it.</summary>
internal sealed class InMemorySubscription(
    InMemoryPubSub owner, SubscriptionOptions options, IDeliveryHandler handler, TimeProvider time, ILogger log) : IBrokerSubscription
{
    /// <summary>Events that may wait; a publish waits for room, and is refused where there is none in time.</summary>
    public const int Capacity = 10_000;

    /// <summary>A batch of large events goes before it has all that it may have.</summary>
    private const int MaxBatchBytes = 4 << 20;

    private static readonly TimeSpan RoomWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GivenBackWait = TimeSpan.FromMilliseconds(100);

    private readonly Channel<StoredEvent> _queue = Channel.CreateBounded<StoredEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly string? _prefix = options.Topic.EndsWith('*') ? options.Topic[..^1] : null;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource? _paused;
    private Task _work = Task.CompletedTask;
    private bool _disposed;

    public bool Takes(string topic) =>
        topic == options.Topic || (_prefix is not null && topic.Length > _prefix.Length && topic.StartsWith(_prefix, StringComparison.Ordinal));

    public void Start() => _work = Task.Run(WorkAsync, CancellationToken.None);

    /// <summary>False where there was no room in time.</summary>
    public ValueTask<bool> EnqueueAsync(StoredEvent stored, CancellationToken cancellationToken) =>
        _queue.Writer.TryWrite(stored) ? new(true) : WaitForRoomAsync(stored, cancellationToken);

    public void Pause()
    {
        lock (_gate)
        {
            _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        TaskCompletionSource? paused;
        lock (_gate)
        {
            paused = _paused;
            _paused = null;
        }

        paused?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        owner.Remove(this);
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async ValueTask<bool> WaitForRoomAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(RoomWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(stored, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (ChannelClosedException)
        {
            // It ended meanwhile; nobody waits for the event any more.
            return true;
        }
    }

    private async Task WorkAsync()
    {
        var batch = new List<StoredEvent>(options.BatchSize);
        while (await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
        {
            await WhilePausedAsync().ConfigureAwait(false);
            await FillAsync(batch).ConfigureAwait(false);
            await DeliverAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private Task WhilePausedAsync()
    {
        lock (_gate)
        {
            return _paused?.Task.WaitAsync(_stop.Token) ?? Task.CompletedTask;
        }
    }

    /// <summary>One event, or for a bulk subscription as many as come until the batch is full or its time is up.</summary>
    private async Task FillAsync(List<StoredEvent> batch)
    {
        var bytes = 0L;
        using var late = options.BatchSize > 1 ? new CancellationTokenSource(options.BatchWait, time) : null;
        using var either = late is null ? null : CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        while (true)
        {
            while (batch.Count < options.BatchSize && bytes < MaxBatchBytes && _queue.Reader.TryRead(out var stored))
            {
                batch.Add(stored);
                bytes += stored.Data.Length;
            }

            if (batch.Count >= options.BatchSize || bytes >= MaxBatchBytes || either is null)
            {
                return;
            }

            try
            {
                if (!await _queue.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task DeliverAsync(List<StoredEvent> events)
    {
        var left = events.ConvertAll(stored => new Delivery { Event = stored, Try = 1 });
        while (left.Count > 0)
        {
            var verdicts = await HandleAsync(left).ConfigureAwait(false);
            var (again, delay) = await JudgeAsync(left, verdicts).ConfigureAwait(false);
            if (again.Count > 0)
            {
                await Task.Delay(delay, time, _stop.Token).ConfigureAwait(false);
                await WhilePausedAsync().ConfigureAwait(false);
            }

            left = again;
        }
    }

    private async Task<IReadOnlyList<Verdict>> HandleAsync(List<Delivery> deliveries)
    {
        try
        {
            // Not cancelled by the end of the subscription: what is under way may come to its end.
            return await handler.HandleAsync(deliveries, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.HandlerFailed(log, failure, options.Topic);
            return [.. deliveries.Select(_ => new Verdict(VerdictKind.Failed, failure.Message))];
        }
    }

    private async Task<(List<Delivery> Again, TimeSpan Delay)> JudgeAsync(List<Delivery> deliveries, IReadOnlyList<Verdict> verdicts)
    {
        var again = new List<Delivery>();
        var delay = TimeSpan.Zero;
        for (var i = 0; i < verdicts.Count; i++)
        {
            var delivery = deliveries[i];
            switch (verdicts[i].Kind)
            {
                case VerdictKind.Handled or VerdictKind.AlreadyHandled:
                    break;
                case VerdictKind.GivenBack:
                    again.Add(delivery);
                    delay = delay > GivenBackWait ? delay : GivenBackWait;
                    break;
                case VerdictKind.Failed when options.Retry.DelayAfter(delivery.Try) is { } wait:
                    again.Add(delivery with { Try = delivery.Try + 1 });
                    delay = delay > wait ? delay : wait;
                    break;
                case VerdictKind.Dropped when !options.DeadLetterDropped:
                    break;
                default:
                    await DeadLetterAsync(delivery, verdicts[i]).ConfigureAwait(false);
                    break;
            }
        }

        return (again, delay);
    }

    private async Task DeadLetterAsync(Delivery delivery, Verdict verdict)
    {
        if (options.DeadLetterTopic is not { } topic)
        {
            Log.Lost(log, delivery.Event.Id, options.Topic, delivery.Try, verdict.Cause);
            return;
        }

        var stored = delivery.Event;
        var result = await owner.SendAsync(
            new()
            {
                PubSub = stored.PubSub,
                Topic = topic,
                Data = stored.Data,
                ContentType = stored.ContentType,
                Key = stored.Key,
                Source = stored.Source,
                Id = stored.Id,
                Expires = stored.Expires,
                Metadata = stored.Metadata,
                Publisher = stored.Publisher,
            },
            _stop.Token).ConfigureAwait(false);
        if (!result.Accepted)
        {
            Log.DeadLetterLost(log, stored.Id, topic, result.Problem);
        }
    }
}
