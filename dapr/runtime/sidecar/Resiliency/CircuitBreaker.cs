using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>
/// A breaker that counts as daprd's does: an expression over counts opens it, after its timeout so many tries pass as a half-open one
/// allows, and they close it or open it again. What began before a change of state doesn't count after it.
/// </summary>
/// <param name="target">What it stands before.</param>
/// <param name="turned">Told when it opens, and with false when it closes.</param>
internal sealed class CircuitBreaker(string target, BreakerSettings settings, TimeProvider time, ILogger log, Action<CircuitBreaker, bool>? turned = null)
{
    private readonly Lock _gate = new();
    private BreakerState _state;
    private BreakerCounts _counts;
    private long _generation;
    private long _since = time.GetTimestamp();
    private DateTimeOffset _openSince;
    private Action<TimeSpan>? _opened;
    private bool _retired;

    public string Name { get; } = $"{settings.Name}-{target}";

    /// <summary>How it is, where it is not closed.</summary>
    public OpenCircuit? Open
    {
        get
        {
            lock (_gate)
            {
                Advance();
                return _state == BreakerState.Closed ? null : new(settings.Name, target, _openSince, _state == BreakerState.HalfOpen);
            }
        }
    }

    /// <summary>How long until a try may pass; zero where one may now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_gate)
            {
                Advance();
                return _state == BreakerState.Open ? Left() : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Calls back whenever it opened, with how long it stays open.</summary>
    public void Watch(Action<TimeSpan> opened)
    {
        lock (_gate)
        {
            _opened += opened;
        }
    }

    public void Unwatch(Action<TimeSpan> opened)
    {
        lock (_gate)
        {
            _opened -= opened;
        }
    }

    /// <summary>Lets one try pass, or not. A try that passed must be reported with its generation.</summary>
    public bool TryEnter(out long generation)
    {
        lock (_gate)
        {
            Advance();
            generation = _generation;
            if (_state == BreakerState.Open || (_state == BreakerState.HalfOpen && _counts.Requests >= settings.MaxRequests))
            {
                return false;
            }

            _counts = _counts.Entered();
            return true;
        }
    }

    public void Report(long generation, bool succeeded)
    {
        var opened = false;
        lock (_gate)
        {
            Advance();
            if (generation != _generation)
            {
                return;
            }

            _counts = succeeded ? _counts.Succeeded() : _counts.Failed();
            if (succeeded)
            {
                if (_state == BreakerState.HalfOpen && _counts.ConsecutiveSuccesses >= settings.MaxRequests)
                {
                    Become(BreakerState.Closed);
                }
            }
            else if (_state == BreakerState.HalfOpen || settings.Trips(_counts))
            {
                Become(BreakerState.Open);
                opened = true;
            }
        }

        if (opened)
        {
            _opened?.Invoke(settings.Timeout);
        }
    }

    /// <summary>Nobody new asks for it: what is still under way counts, but nobody is told of it any more.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            turned?.Invoke(this, false);
        }
    }

    /// <summary>A try that neither succeeded nor failed, such as one that was cancelled.</summary>
    public void Forget(long generation)
    {
        lock (_gate)
        {
            if (generation == _generation)
            {
                _counts = _counts with { Requests = _counts.Requests - 1 };
            }
        }
    }

    private TimeSpan Left() => settings.Timeout - time.GetElapsedTime(_since);

    private void Advance()
    {
        if (_state == BreakerState.Open && Left() <= TimeSpan.Zero)
        {
            Become(BreakerState.HalfOpen);
        }
        else if (_state == BreakerState.Closed && settings.Interval > TimeSpan.Zero && time.GetElapsedTime(_since) >= settings.Interval)
        {
            Begin();
        }
    }

    private void Become(BreakerState state)
    {
        Log.BreakerChanged(log, Name, _state, state);
        if (_state == BreakerState.Closed)
        {
            _openSince = time.GetUtcNow();
            if (!_retired)
            {
                turned?.Invoke(this, true);
            }
        }
        else if (state == BreakerState.Closed)
        {
            turned?.Invoke(this, false);
        }

        _state = state;
        Begin();
    }

    private void Begin()
    {
        _generation++;
        _counts = default;
        _since = time.GetTimestamp();
    }
}
