namespace HmsMesh.Cli.Supervision;

/// <summary>How long a service that died waits: twice as long each time, from the beginning again once it ran well for a while.</summary>
internal sealed class Backoff(TimeSpan? longest = null)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan run)
    {
        if (run >= GoodRun)
            _next = First;
        var now = _next;
        var most = longest ?? Longest;
        _next = now * 2 < most ? now * 2 : most;
        return now;
    }
}
