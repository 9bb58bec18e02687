using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker;

/// <summary>Follows in the log what becomes of events that were sent again to one consumer.</summary>
public sealed class ReplayWatch
{
    private readonly LogView _view;
    private readonly string _consumer;
    private readonly Dictionary<long, ReplayOutcome> _outcomes;
    private readonly int? _id;
    private long _next;

    public ReplayWatch(LogView view, string pubSub, string topic, string consumer, IReadOnlyCollection<long> offsets)
    {
        (_view, _consumer) = (view, consumer);
        _outcomes = offsets.ToDictionary(static offset => offset, static offset => new ReplayOutcome(offset, ReplayState.Waiting));
        _id = view.Fold().Consumers.FirstOrDefault(one => (one.PubSub, one.Topic, one.Name) == (pubSub, topic, consumer))?.Id;
        _next = offsets.Count == 0 ? view.Head : offsets.Min();
    }

    public IReadOnlyCollection<ReplayOutcome> Outcomes => _outcomes.Values;

    public IEnumerable<ReplayOutcome> Find(long offset) => _outcomes.TryGetValue(offset, out var outcome) ? [outcome] : [];

    /// <summary>Reads what was written since.</summary>
    public void Look()
    {
        _view.Refresh();
        for (; _view.TryRead(_next, out var record); _next++)
        {
            if (record.Kind == RecordKind.Progress && StateCodec.ReadProgress(record.Payload.Span) is var progress && progress.Consumer == _id)
            {
                Take(progress);
            }
            else if (record.Kind == RecordKind.Event && EventCodec.DecodeHead(record.Payload.Span).DeadLetterOf is { } dead
                && dead.Consumer == _consumer && _outcomes.ContainsKey(dead.Offset))
            {
                _outcomes[dead.Offset] = new ReplayOutcome(dead.Offset, ReplayState.Dead, dead.Tries, dead.Cause);
            }
        }
    }

    private void Take(ConsumerProgress progress)
    {
        foreach (var retry in progress.Retries.Where(one => _outcomes.TryGetValue(one.Offset, out var known) && known.State is ReplayState.Waiting or ReplayState.Failed))
        {
            _outcomes[retry.Offset] = new ReplayOutcome(retry.Offset, ReplayState.Failed, retry.Tries, retry.Cause);
        }

        foreach (var end in progress.Ends.Where(one => _outcomes.TryGetValue(one.Offset, out var known) && known.State != ReplayState.Dead))
        {
            _outcomes[end.Offset] = _outcomes[end.Offset] with
            {
                State = end.Kind switch
                {
                    VerdictKind.AlreadyHandled => ReplayState.AlreadyHandled,
                    VerdictKind.Dropped => ReplayState.Dropped,
                    VerdictKind.GivenUp => ReplayState.Dead,
                    _ => ReplayState.Handled,
                },
            };
        }
    }
}
