using Polly;
using Polly.CircuitBreaker;

namespace HmsMesh.Kit;

/// <summary>One circuit breaker.</summary>
public sealed class Breaker
{
    /// <summary>Failures in a row that open it.</summary>
    public const int Failures = 3;

    /// <summary>How long it stays open.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly FailuresInARow _strategy;
    private readonly ResiliencePipeline _pipeline;

    internal Breaker(string name, TimeProvider time)
    {
        Name = name;
        _strategy = new FailuresInARow(name, time);
        _pipeline = new ResiliencePipelineBuilder { Name = name, TimeProvider = time }.AddStrategy(_ => _strategy, new FailuresInARowOptions()).Build();
    }

    public string Name { get; }

    public BreakerState State => _strategy.State;

    /// <summary>Failures in a row so far.</summary>
    public int FailuresSoFar => _strategy.Failures;

    /// <summary>How long calls are refused yet; zero where it is not open.</summary>
    public TimeSpan OpensFor => _strategy.OpensFor;

    /// <summary>Throws <see cref="BrokenCircuitException"/>, without calling, while it is open.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _pipeline.ExecuteAsync(static async (run, token) => await run(token).ConfigureAwait(false), call, cancellationToken).AsTask();
    }
}
