namespace HmsMesh.Sidecar.Invocation;

/// <summary>How many calls of an app have begun and not ended, so that a sidecar can wait for them.</summary>
internal sealed class CallsUnderWay
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _closing;

    /// <summary>The app goes: other sidecars are to call another instance.</summary>
    public bool IsLeaving { get; private set; }

    public void Leave() => IsLeaving = true;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _closing)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Waits until none is left; no new ones may begin. Doesn't throw when cancelled.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _closing = true;
        if (Volatile.Read(ref _count) > 0)
        {
            await _idle.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
