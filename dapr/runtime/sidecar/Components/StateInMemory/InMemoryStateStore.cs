using HmsMesh.Sidecar.State;
using HmsMesh.Sidecar.State.Outbox;

namespace HmsMesh.Sidecar.Components.StateInMemory;

/// <summary>State that lives as long as its sidecar.</summary>
internal sealed class InMemoryStateStore : IStateStore
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, StateItem> _items = new(StringComparer.Ordinal);
    private readonly List<OutboxRow> _kept = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;
    private long _sequence;

    public InMemoryStateStore(TimeProvider time)
    {
        _time = time;
        _sweeper = time.CreateTimer(static store => ((InMemoryStateStore)store!).Sweep(), this, SweepEvery, SweepEvery);
    }

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL"];

    public ValueTask<IReadOnlyList<StateItem?>> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. keys.Select(Find)]);
        }
    }

    public ValueTask<IReadOnlyList<StateOutcome>> ApplyAsync(IReadOnlyList<StateChange> changes, bool atomic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(atomic ? Together(changes) : [.. changes.Select(change => Check(change) is { } problem ? StateOutcome.Mismatch(problem) : Apply(change))]);
        }
    }

    public ValueTask<IReadOnlyList<StateOutcome>> CommitAsync(
        IReadOnlyList<StateChange> changes, IReadOnlyList<OutboxEvent> events, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var outcomes = Together(changes);
            if (Array.TrueForAll(outcomes, static outcome => outcome.Kind == StateOutcomeKind.Applied))
            {
                _kept.AddRange(events.Select(kept => new OutboxRow(++_sequence, kept)));
            }

            return new(outcomes);
        }
    }

    public ValueTask<IReadOnlyList<OutboxRow>> PendingAsync(string app, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. _kept.Where(row => row.Event.App == app).Take(most)]);
        }
    }

    public ValueTask RemoveAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var accepted = sequences.ToHashSet();
        lock (_lock)
        {
            _kept.RemoveAll(row => accepted.Contains(row.Sequence));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _sweeper.DisposeAsync();

    private StateOutcome[] Together(IReadOnlyList<StateChange> changes)
    {
        var outcomes = new StateOutcome[changes.Count];
        Array.Fill(outcomes, StateOutcome.Skipped);
        for (var at = 0; at < changes.Count; at++)
        {
            if (Check(changes[at]) is { } problem)
            {
                outcomes[at] = StateOutcome.Mismatch(problem);
                return outcomes;
            }
        }

        for (var at = 0; at < changes.Count; at++)
        {
            outcomes[at] = Apply(changes[at]);
        }

        return outcomes;
    }

    /// <summary>Why the version that the change asks for isn't there; null: it may be applied.</summary>
    private string? Check(StateChange change)
    {
        var item = Find(change.Key);
        if (change.ETag is null)
        {
            return change.FirstWrite && item is not null ? "item already exists and no etag was passed" : null;
        }

        if (item is null)
        {
            return $"state not exist or expired for key={change.Key}";
        }

        return item.ETag == change.ETag ? null : $"state etag not match for key={change.Key}: current={item.ETag}, expect={change.ETag}";
    }

    private StateOutcome Apply(StateChange change)
    {
        if (change.Value is { } value)
        {
            _items[change.Key] = new StateItem(value, Guid.NewGuid().ToString(), change.TimeToLive is { } ttl ? _time.GetUtcNow() + ttl : null);
        }
        else
        {
            _items.Remove(change.Key);
        }

        return StateOutcome.Applied;
    }

    private StateItem? Find(string key) => _items.TryGetValue(key, out var item) && !IsExpired(item) ? item : null;

    private bool IsExpired(StateItem item) => item.Expires <= _time.GetUtcNow();

    private void Sweep()
    {
        lock (_lock)
        {
            foreach (var (key, _) in _items.Where(entry => IsExpired(entry.Value)).ToArray())
            {
                _items.Remove(key);
            }
        }
    }
}
