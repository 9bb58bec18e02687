namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>A retry schedule as another process tells it: the delays after the first tries; the last one goes on. A client is asked
/// itself as long as it answers; this is for leases that end.</summary>
internal sealed record RetryTable(IReadOnlyList<TimeSpan?> Delays) : IRetrySchedule
{
    public const int Most = 32;

    public static RetryTable Of(IRetrySchedule schedule)
    {
        var delays = new List<TimeSpan?>();
        do
        {
            delays.Add(schedule.DelayAfter(delays.Count + 1));
        }
        while (delays.Count < Most && delays[^1] is not null);
        return new RetryTable(delays);
    }

    public TimeSpan? DelayAfter(int tries) => Delays[Math.Min(tries, Delays.Count) - 1];
}
