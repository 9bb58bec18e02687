namespace HmsMesh.Broker.Log;

/// <summary>The segments of a log, the synced head that readers may go to, and the tail in memory.</summary>
internal sealed class LogFiles : IDisposable
{
    private Segment[] _segments = [];
    private long _head = 1;
    private volatile TaskCompletionSource? _moved;

    public TailCache Tail { get; } = new();

    /// <summary>The first offset that no sync covers yet.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Segment> Segments => Volatile.Read(ref _segments);

    public Segment Active => _segments[^1];

    public void Add(Segment segment) => Volatile.Write(ref _segments, [.. _segments, segment]);

    /// <summary>One that is older than the newest.</summary>
    public void AddOlder(Segment segment) => _segments = [.. _segments.Append(segment).OrderBy(static one => one.Base)];

    /// <summary>Lets go of segments that nobody needs. A reader that is in one goes on where the log begins then.</summary>
    public void Remove(IReadOnlyCollection<Segment> gone)
    {
        Volatile.Write(ref _segments, [.. _segments.Except(gone)]);
        foreach (var segment in gone)
        {
            segment.Retire();
        }
    }

    /// <summary>Goes along with a log that another process writes: takes in the segments up to its newest one, and its head.</summary>
    public void Follow(string folder, LogExtent extent)
    {
        if (_segments.Length == 0 || _segments[^1].Base < extent.Newest)
        {
            var known = _segments.Length == 0 ? 0 : _segments[^1].Base;
            foreach (var path in Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal))
            {
                if (long.TryParse(Path.GetFileNameWithoutExtension(path), out var first) && first > known && first >= extent.First && first <= extent.Newest)
                {
                    if (_segments.Length > 0)
                    {
                        _segments[^1].EndOffset = first;
                    }

                    Add(Segment.OpenToRead(path));
                }
            }
        }

        Remove([.. _segments.Where(one => one.EndOffset <= extent.First)]);
        MoveHead(extent.Head);
    }

    /// <summary>Lets readers go on, and wakes those that follow.</summary>
    public void MoveHead(long head)
    {
        Volatile.Write(ref _head, head);
        Interlocked.Exchange(ref _moved, null)?.SetResult();
    }

    /// <summary>Completes once the head is past an offset.</summary>
    public async ValueTask WaitAsync(long offset, CancellationToken cancellationToken)
    {
        while (Head <= offset)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var moved = Interlocked.CompareExchange(ref _moved, fresh, null) ?? fresh;
            if (Head > offset)
            {
                return;
            }

            await moved.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The segment that holds an offset, or the first one where it is gone.</summary>
    public Segment Find(long offset)
    {
        var segments = Volatile.Read(ref _segments);
        var (low, high) = (0, segments.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = segments[middle].Base <= offset ? (middle, high) : (low, middle - 1);
        }

        return segments[low];
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }
    }
}
