using HmsMesh.Broker;

namespace HmsMesh.Cli.BrokerData;

/// <summary>Which events of the log are asked for.</summary>
internal sealed record EventChoice(string Topic, DateTimeOffset? From, DateTimeOffset? Until, string? Key, long Offset)
{
    /// <summary>Begins at the segment that was in use at the time, so that what is older is not read.</summary>
    public IEnumerable<StoredEvent> Read(LogView view, CancellationToken cancellationToken)
    {
        var begin = Math.Max(Offset, From is { } from ? view.OffsetAt(from) : 0);
        var end = Until is { } until ? view.OffsetAfter(until) : long.MaxValue;
        return view.Read(begin, Topic, cancellationToken)
            .TakeWhile(one => one.Offset < end)
            .Where(one => (From is null || one.Time >= From) && (Until is null || one.Time <= Until) && (Key is null || one.Key == Key));
    }
}
