using HmsMesh.Sidecar.State.Outbox;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace HmsMesh.Sidecar.State;

/// <summary>Changes on their way to a store, under its outbound policy. A retry sends those again that failed; another version in the
/// place of the one asked for is an answer and no failure.</summary>
internal sealed class StateWork
{
    private readonly IReadOnlyList<StateChange> _changes;
    private readonly IReadOnlyList<OutboxEvent>? _events;
    private readonly IStateStore _store;
    private readonly bool _atomic;
    private readonly StateOutcome[] _outcomes;
    private List<int>? _left;

    private StateWork(StateTarget target, IReadOnlyList<StateChange> changes, bool atomic, IReadOnlyList<OutboxEvent>? events)
    {
        (_store, _changes, _atomic, _events) = (target.Store, changes, atomic, events);
        _outcomes = new StateOutcome[changes.Count];
        Array.Fill(_outcomes, StateOutcome.Failed("not tried"));
    }

    public static async ValueTask<IReadOnlyList<StateItem?>> ReadAsync(StateTarget target, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await target.Reads.ExecuteAsync(
                static (state, token) => state.Store.GetAsync(state.Keys, token), (target.Store, Keys: keys), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException late)
        {
            throw new SidecarException("context deadline exceeded", late);
        }
        catch (BrokenCircuitException open)
        {
            throw new SidecarException("circuit breaker is open", open);
        }
    }

    public static async ValueTask<IReadOnlyList<StateOutcome>> WriteAsync(
        StateTarget target, IReadOnlyList<StateChange> changes, bool atomic, IReadOnlyList<OutboxEvent>? events, CancellationToken cancellationToken)
    {
        var work = new StateWork(target, changes, atomic, events);
        try
        {
            await target.Writes.ExecuteAsync(static (state, token) => state.SendAsync(token), work, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            work.Fail("context deadline exceeded");
        }
        catch (BrokenCircuitException)
        {
            work.Fail("circuit breaker is open");
        }

        return work._outcomes;
    }

    private async ValueTask<bool> SendAsync(CancellationToken cancellationToken)
    {
        var sending = _left is null ? _changes : [.. _left.Select(at => _changes[at])];
        var results = _events is null
            ? await _store.ApplyAsync(sending, _atomic, cancellationToken).ConfigureAwait(false)
            : await _store.CommitAsync(sending, _events, cancellationToken).ConfigureAwait(false);
        List<int>? left = null;
        for (var at = 0; at < results.Count; at++)
        {
            var place = _left is null ? at : _left[at];
            _outcomes[place] = results[at];
            if (results[at].Kind == StateOutcomeKind.Failed)
            {
                (left ??= []).Add(place);
            }
        }

        // All of a transaction, or what failed of a save.
        _left = _atomic ? null : left ?? [];
        return left is null;
    }

    private void Fail(string problem)
    {
        for (var at = 0; at < _outcomes.Length; at++)
        {
            if (_outcomes[at].Kind is not (StateOutcomeKind.Applied or StateOutcomeKind.ETagMismatch))
            {
                _outcomes[at] = StateOutcome.Failed(problem);
            }
        }
    }
}
