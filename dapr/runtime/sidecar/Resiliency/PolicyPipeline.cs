using Polly;
using Polly.Retry;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>Builds Polly's pipelines of a target's policy, in daprd's order: retry, around breaker, around the timeout of one try.</summary>
internal static class PolicyPipeline
{
    /// <summary>Breaker and timeout of one try; retries are the broker's.</summary>
    public static ResiliencePipeline<T> OneTry<T>(TargetPolicy policy, Func<T, bool> failed, TimeProvider time) =>
        AddOneTry(new ResiliencePipelineBuilder<T> { TimeProvider = time }, policy, failed).Build();

    /// <summary>With the policy's retries. An open circuit ends them.</summary>
    /// <param name="retried">Which results are tried again; null: those that failed.</param>
    /// <param name="dispose">What becomes of a result that is tried again.</param>
    public static ResiliencePipeline<T> WithRetries<T>(
        TargetPolicy policy, Func<T, bool> failed, TimeProvider time, Func<T, bool>? retried = null, Action<T>? dispose = null)
    {
        var builder = new ResiliencePipelineBuilder<T> { TimeProvider = time };
        if (policy.Retry is { } retry)
        {
            builder.AddRetry(new RetryStrategyOptions<T>
            {
                MaxRetryAttempts = retry.MaxRetries switch { < 0 => int.MaxValue, 0 => 1, var count => count },
                ShouldHandle = arguments => new(
                    retry.DelayAfter(arguments.AttemptNumber + 1) is not null
                    && (arguments.Outcome.Exception is not (null or Polly.CircuitBreaker.BrokenCircuitException or OperationCanceledException)
                        || (arguments.Outcome.Exception is null && (retried ?? failed)(arguments.Outcome.Result!)))),
                OnRetry = arguments =>
                {
                    if (dispose is not null && arguments.Outcome.Result is { } result)
                    {
                        dispose(result);
                    }

                    return default;
                },
                DelayGenerator = arguments => new(retry.DelayAfter(arguments.AttemptNumber + 1)),
            });
        }

        return AddOneTry(builder, policy, failed).Build();
    }

    private static ResiliencePipelineBuilder<T> AddOneTry<T>(ResiliencePipelineBuilder<T> builder, TargetPolicy policy, Func<T, bool> failed)
    {
        if (policy.Breaker is { } breaker)
        {
            builder.AddStrategy(_ => new BreakerStrategy<T>(breaker, failed), new BreakerStrategyOptions());
        }

        if (policy.Timeout is { } timeout && timeout > TimeSpan.Zero)
        {
            builder.AddTimeout(new Polly.Timeout.TimeoutStrategyOptions { TimeoutGenerator = _ => new(timeout), Timeout = TimeSpan.FromDays(1) });
        }

        return builder;
    }
}
