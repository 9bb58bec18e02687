using Polly;
using Polly.CircuitBreaker;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>A <see cref="CircuitBreaker"/> as a Polly strategy: Polly's own counts by ratio, daprd's by an expression.</summary>
internal sealed class BreakerStrategy<T>(CircuitBreaker breaker, Func<T, bool> failed) : ResilienceStrategy<T>
{
    protected override async ValueTask<Outcome<T>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<T>>> callback, ResilienceContext context, TState state)
    {
        if (!breaker.TryEnter(out var generation))
        {
            return Outcome.FromException<T>(new BrokenCircuitException("circuit breaker is open", breaker.Wait));
        }

        var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        if (outcome.Exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        {
            breaker.Forget(generation);
        }
        else
        {
            breaker.Report(generation, outcome.Exception is null && !failed(outcome.Result!));
        }

        return outcome;
    }
}
