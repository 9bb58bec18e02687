namespace HmsMesh.Broker.Tests.Support;

/// <summary>The system's clock, moved, with timers that never fire: nothing happens but what a test does.</summary>
internal sealed class StillTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    /// <summary>Done once, when the writer's thread next asks for the time.</summary>
    public Action? WhenTheWriterAsks { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        if (WhenTheWriterAsks is { } act && Thread.CurrentThread.Name == "broker writer")
        {
            WhenTheWriterAsks = null;
            act();
        }

        return System.GetUtcNow() + Shift;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // It has nothing.
        }

        public ValueTask DisposeAsync() => default;
    }
}
