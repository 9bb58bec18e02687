using HmsMesh.Broker.Consumers;

namespace HmsMesh.Broker.Writing;

/// <summary>What waits for the writer's thread: requests, and consumers whose progress is not in the log.</summary>
internal sealed class WriteQueue : IDisposable
{
    /// <summary>More than this is not taken while the disk is busy.</summary>
    private const long MaxBytes = 64L << 20;
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private List<WriteRequest> _requests = [];
    private HashSet<ConsumerGroup> _moved = [];
    private long _bytes;
    private bool _progressDue;
    private bool _timerSet;
    private bool _closed;

    public WriteQueue(TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((WriteQueue)state!).ProgressIsDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Takes the request; otherwise says why not.</summary>
    public PublishStatus? TryAdd(WriteRequest request)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return PublishStatus.Closed;
            }

            if (_bytes > 0 && _bytes + request.Bytes > MaxBytes)
            {
                return PublishStatus.Full;
            }

            _bytes += request.Bytes;
            _requests.Add(request);
            _progressDue |= request.WithProgress;
            Monitor.Pulse(_gate);
            return null;
        }
    }

    /// <summary>A consumer moved on; its progress is written soon, with those of others, or at once where tries must be counted.</summary>
    public void Moved(ConsumerGroup group, bool atOnce)
    {
        lock (_gate)
        {
            _moved.Add(group);
            if (atOnce)
            {
                _progressDue = true;
                Monitor.Pulse(_gate);
            }
            else if (!_timerSet && !_closed)
            {
                _timerSet = true;
                _timer.Change(ProgressDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>What could not be written for want of room is tried again in a while, or with the next request.</summary>
    public void PutBack(IEnumerable<ConsumerGroup> groups)
    {
        lock (_gate)
        {
            // At closing there is no later: what was done is delivered once more.
            if (!_closed)
            {
                _moved.UnionWith(groups);
                _timerSet = true;
                _timer.Change(RetryDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Waits for work; false once the queue is closed and empty.</summary>
    public bool Take(out List<WriteRequest> requests, out IReadOnlyCollection<ConsumerGroup> moved)
    {
        lock (_gate)
        {
            while (_requests.Count == 0 && !_progressDue && !_closed)
            {
                Monitor.Wait(_gate);
            }

            (requests, _requests, _bytes) = (_requests, [], 0);
            moved = [];
            if (_progressDue || _closed)
            {
                (moved, _moved, _progressDue) = (_moved, [], false);
            }

            return requests.Count > 0 || moved.Count > 0 || !_closed;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void ProgressIsDue()
    {
        lock (_gate)
        {
            _timerSet = false;
            if (_moved.Count > 0)
            {
                _progressDue = true;
                Monitor.Pulse(_gate);
            }
        }
    }
}
