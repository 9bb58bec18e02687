namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>What was last read of a name, and when.</summary>
internal sealed class NameEntry(string appId)
{
    private readonly Lock _gate = new();
    private volatile InstanceSet _set = InstanceSet.Empty;
    private Task? _reading;
    private long _read;
    private long _asked;

    public string AppId { get; } = appId;

    public InstanceSet Set => _set;

    /// <summary>Whether it was read within a span.</summary>
    public bool IsWithin(TimeSpan span, TimeProvider time) => Volatile.Read(ref _read) is not 0 and var read && time.GetElapsedTime(read) < span;

    /// <summary>Somebody asks for a name that nobody knew lately: whoever asks within a span from now waits for it together.</summary>
    public void Ask(TimeSpan span, TimeProvider time)
    {
        if (!IsAwaited(span, time))
        {
            Volatile.Write(ref _asked, time.GetTimestamp());
        }
    }

    /// <summary>Whether nobody has the name yet, and it was first asked for within a span.</summary>
    public bool IsAwaited(TimeSpan span, TimeProvider time) =>
        _set.Count == 0 && Volatile.Read(ref _asked) is not 0 and var asked && time.GetElapsedTime(asked) < span;

    public void Take(InstanceSet set, TimeProvider time)
    {
        _set = set;
        Volatile.Write(ref _read, time.GetTimestamp());
    }

    /// <summary>The reading under way, or one that begins now: many callers of a name read it once.</summary>
    public Task ReadAsync(Func<NameEntry, Task> read)
    {
        lock (_gate)
        {
            if (_reading is null or { IsCompleted: true })
            {
                _reading = read(this);
            }

            return _reading;
        }
    }
}
