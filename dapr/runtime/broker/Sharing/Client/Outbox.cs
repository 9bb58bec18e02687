using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;
using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>Publishes that another process has not answered. They outlast it: the next writer gets them again, in their order. None waits for
/// longer than a limit, and only so many wait at all.</summary>
internal sealed class Outbox : IDisposable
{
    private const long MaxBytes = 64L << 20;
    private const int MaxPayload = 16 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, PendingPublish> _waiting = [];
    private readonly ITimer _timer;
    private RemoteSession? _session;
    private LogBroker? _log;
    private string? _problem;
    private TaskCompletionSource? _empty;
    private long _next = 1;
    private long _bytes;
    private bool _closed;

    public Outbox(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((Outbox)state!).GiveUpOld(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutgoingEvent> outgoing, TimeProvider clock, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (parts, part, bytes) = (new List<Task<PublishResult[]>>(1), new List<EncodedEvent>(), 0);
        foreach (var one in outgoing)
        {
            var payload = EventCodec.Encode(one, clock.GetUtcNow(), null);
            if (payload.Length > MaxPayload)
            {
                // Alone, so that what is read of the frame is what is refused: the writer never sees it.
                Flush();
                parts.Add(Task.FromResult<PublishResult[]>(
                    [new(PublishStatus.TooLarge, 0, $"The event for {one.Topic} has {payload.Length} bytes with its headers; {MaxPayload} are allowed.")]));
                continue;
            }

            if (part.Count > 0 && (bytes + payload.Length > Protocol.PublishChunk || part.Count == Protocol.MaxEvents))
            {
                Flush();
            }

            part.Add(new EncodedEvent(payload, one.To));
            bytes += payload.Length;
        }

        Flush();
        if (parts.Count == 1)
        {
            return await parts[0].WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var all = await Task.WhenAll(parts).WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. all.SelectMany(static one => one)];

        void Flush()
        {
            if (part.Count > 0)
            {
                parts.Add(Add([.. part], bytes).Done);
                part.Clear();
                bytes = 0;
            }
        }
    }

    /// <summary>Another process writes: it gets all that was not answered, then what comes.</summary>
    public void Attach(RemoteSession session)
    {
        lock (_gate)
        {
            (_session, _problem) = (session, null);
            foreach (var one in _waiting.Values)
            {
                session.Publish(one);
            }
        }
    }

    /// <summary>This process writes now.</summary>
    public void Attach(LogBroker log)
    {
        lock (_gate)
        {
            (_session, _log, _problem) = (null, log, null);
            foreach (var one in _waiting.Values)
            {
                Write(log, one);
            }
        }
    }

    public void Lost(RemoteSession session)
    {
        lock (_gate)
        {
            _session = _session == session ? null : _session;
        }
    }

    /// <summary>Nobody can write, and why: what waits and what comes is refused until somebody can.</summary>
    public void Refuse(string problem)
    {
        lock (_gate)
        {
            _problem = problem;
            foreach (var one in _waiting.Values)
            {
                one.Refuse(PublishStatus.Failed, problem);
            }

            Clear();
        }
    }

    public void Answered(long id, ref PayloadReader reader)
    {
        PendingPublish? pending;
        lock (_gate)
        {
            if (!_waiting.TryGetValue(id, out pending))
            {
                // Its caller has given up on it.
                return;
            }
        }

        Done(pending, WireCodec.ReadResults(ref reader, pending.Events.Length));
    }

    /// <summary>Completes once nothing waits, and takes nothing more.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Count == 0 ? Task.CompletedTask : _empty.Task;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var one in _waiting.Values)
            {
                one.Refuse(PublishStatus.Closed, "The broker is closing.");
            }

            Clear();
            _timer.Dispose();
        }
    }

    private PendingPublish Add(EncodedEvent[] events, int bytes)
    {
        lock (_gate)
        {
            var pending = new PendingPublish(_next++, events, bytes, _time.GetTimestamp());
            if (_closed)
            {
                pending.Refuse(PublishStatus.Closed, "The broker is closing.");
            }
            else if (_problem is not null)
            {
                pending.Refuse(PublishStatus.Failed, _problem);
            }
            else if (_bytes > 0 && _bytes + bytes > MaxBytes)
            {
                pending.Refuse(PublishStatus.Full, "Too many publishes wait for the process that writes the log.");
            }
            else
            {
                Send(pending);
            }

            return pending;
        }
    }

    private void Send(PendingPublish pending)
    {
        if (_waiting.Count == 0)
        {
            _timer.Change(LookEvery, LookEvery);
        }

        _waiting.Add(pending.Id, pending);
        _bytes += pending.Bytes;
        if (_log is not null)
        {
            Write(_log, pending);
        }
        else
        {
            _session?.Publish(pending);
        }
    }

    private void Write(LogBroker log, PendingPublish pending)
    {
        var items = new PublishItem[pending.Events.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var (payload, to) = pending.Events[i];
            var head = EventCodec.Inspect(payload);
            if (log.Refusal(head.PubSub, head.Topic, to) is { } refused)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => Refuse(pending, refused), null);
                return;
            }

            items[i] = log.Item(payload, head, to);
        }

        var request = new PublishRequest(items);
        if (log.Core.Queue.TryAdd(request) is { } status)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Refuse(pending, new PublishResult(status, 0, "The log takes no more for now.")), null);
            return;
        }

        _ = request.Done.ContinueWith(done => Done(pending, done.Result), TaskScheduler.Default);
    }

    private void Refuse(PendingPublish pending, PublishResult refused)
    {
        var results = new PublishResult[pending.Events.Length];
        Array.Fill(results, refused);
        Done(pending, results);
    }

    private void Done(PendingPublish pending, PublishResult[] results)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(pending.Id))
            {
                return;
            }

            _bytes -= pending.Bytes;
            if (_waiting.Count == 0)
            {
                Clear();
            }
        }

        pending.Answer(results);
    }

    private void Clear()
    {
        _waiting.Clear();
        _bytes = 0;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _empty?.TrySetResult();
    }

    private void GiveUpOld()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 && _waiting.First().Value is var oldest && _time.GetElapsedTime(oldest.Began) > Patience)
            {
                _waiting.Remove(oldest.Id);
                _bytes -= oldest.Bytes;
                oldest.Refuse(PublishStatus.Unavailable, $"No process that writes the log answered within {Patience.TotalSeconds} s; the event may be on disk or not.");
            }

            if (_waiting.Count == 0)
            {
                Clear();
            }
        }
    }
}
