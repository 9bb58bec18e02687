using Polly;
using Polly.CircuitBreaker;

namespace HmsMesh.Kit;

/// <summary>Polly's own breaker counts a ratio over a time and misses "three in a row" after a success; this one counts just that.</summary>
internal sealed class FailuresInARow(string name, TimeProvider time) : ResilienceStrategy
{
    private readonly Lock _lock = new();
    private int _failures;
    private long? _openedAt;
    private bool _trying;
    private int _turn;

    public BreakerState State
    {
        get
        {
            lock (_lock)
            {
                return _openedAt is not { } since ? BreakerState.Closed
                    : _trying || time.GetElapsedTime(since) >= Breaker.Pause ? BreakerState.HalfOpen
                    : BreakerState.Open;
            }
        }
    }

    /// <summary>Failures since the last success.</summary>
    public int Failures
    {
        get
        {
            lock (_lock)
            {
                return _failures;
            }
        }
    }

    /// <summary>How long calls are refused yet.</summary>
    public TimeSpan OpensFor
    {
        get
        {
            lock (_lock)
            {
                var left = _openedAt is { } since ? Breaker.Pause - time.GetElapsedTime(since) : TimeSpan.Zero;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (Enter(out var turn) is { } refusal)
        {
            return Polly.Outcome.FromException<TResult>(refusal);
        }

        Outcome<TResult> outcome;
        try
        {
            outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            outcome = Polly.Outcome.FromException<TResult>(e);
        }

        // The caller's own cancellation says nothing about the other side.
        if (outcome.Exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        {
            Abandon(turn);
        }
        else
        {
            Note(outcome.Exception is null, turn);
        }

        return outcome;
    }

    private BrokenCircuitException? Enter(out int turn)
    {
        lock (_lock)
        {
            turn = _turn;
            if (_openedAt is not { } since)
            {
                return null;
            }

            var left = Breaker.Pause - time.GetElapsedTime(since);
            if (left > TimeSpan.Zero || _trying)
            {
                return new BrokenCircuitException($"The breaker {name} is open: {Breaker.Failures} calls in a row failed.", left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            _trying = true;
            return null;
        }
    }

    // A call that began before the breaker opened says nothing about now: its turn is over.
    private void Note(bool succeeded, int turn)
    {
        lock (_lock)
        {
            if (turn != _turn)
            {
                return;
            }

            _trying = false;
            if (succeeded)
            {
                if (_openedAt is not null)
                {
                    _turn++;
                }

                _failures = 0;
                _openedAt = null;
            }
            else if (_openedAt is not null || ++_failures >= Breaker.Failures)
            {
                _openedAt = time.GetTimestamp();
                _turn++;
            }
        }
    }

    private void Abandon(int turn)
    {
        lock (_lock)
        {
            _trying &= turn != _turn;
        }
    }
}
