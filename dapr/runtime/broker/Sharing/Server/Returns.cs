namespace HmsMesh.Broker.Sharing.Server;

/// <summary>Nothing is given out until the processes that lived under the writer before have attached what they have under way, or have
/// died, or have been waited for long enough.</summary>
internal sealed class Returns : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _awaited;
    private readonly string _folder;
    private readonly BrokerCore _core;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly long _began;
    private bool _released;

    /// <summary>An empty name stands for this process.</summary>
    public Returns(string folder, IReadOnlyCollection<string> living, BrokerCore core, TimeProvider time)
    {
        (_folder, _core, _time, _began) = (folder, core, time, time.GetTimestamp());
        _awaited = [.. living, ""];
        if (living.Count > 0)
        {
            _timer = time.CreateTimer(static state => ((Returns)state!).Look(), this, LookEvery, LookEvery);
        }
    }

    public void Returned(string client)
    {
        lock (_gate)
        {
            if (!_released && _awaited.Remove(client) && _awaited.Count == 0)
            {
                Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _released = true;
            _timer?.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            _awaited.RemoveWhere(one => one.Length > 0 && !BrokerFolder.Lives(_folder, one));
            if (!_released && (_awaited.Count == 0 || (!_awaited.Contains("") && _time.GetElapsedTime(_began) > Wire.Protocol.Return)))
            {
                Release();
            }
        }
    }

    private void Release()
    {
        _released = true;
        _timer?.Dispose();
        _core.Release();
    }
}
