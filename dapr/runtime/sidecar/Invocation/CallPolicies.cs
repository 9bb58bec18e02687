using System.Collections.Concurrent;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Resiliency;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>The policies of calls. A breaker is one for each path of a target, and all its calls share it.</summary>
internal sealed class CallPolicies(ResiliencyPolicies policies, TimeProvider time)
{
    // As many as daprd remembers.
    private const int MostTargets = 5_000;
    private readonly ConcurrentDictionary<(string App, string Endpoint), CallPolicy> _known = new();

    /// <summary>Dapr's own retries of a sidecar that can't be reached; null where the app has a policy of its own.</summary>
    public RetryPolicy? BuiltIn(string app) => policies.HasApp(app) ? null : policies.ServiceRetries;

    /// <summary>Null: no policy at all.</summary>
    /// <param name="endpoint">What a breaker is for.</param>
    public CallPolicy? Of(string app, string endpoint)
    {
        if (!policies.CoversApps(app))
        {
            return null;
        }

        if (_known.TryGetValue((app, endpoint), out var known))
        {
            return known;
        }

        if (_known.Count >= MostTargets)
        {
            Forget();
        }

        return _known.GetOrAdd((app, endpoint), key => Make(policies.App(key.App, key.Endpoint)));
    }

    private void Forget()
    {
        foreach (var key in _known.Keys)
        {
            if (_known.TryRemove(key, out var gone))
            {
                gone.Breaker?.Retire();
            }
        }
    }

    private CallPolicy Make(TargetPolicy policy) => new(
        policy.Retry is { MaxRetries: not 0 },
        PolicyPipeline.WithRetries<CallOutcome>(policy, static outcome => outcome.IsFailure, time, outcome => IsWorthATry(policy.Retry!, outcome), static outcome => outcome.Dispose()),
        PolicyPipeline.OneTry<CallOutcome>(policy, static outcome => outcome.IsFailure, time),
        policy.Breaker);

    private static bool IsWorthATry(RetryPolicy retry, CallOutcome outcome) =>
        !outcome.IsRelayed && (outcome.Fault is not null || retry.Matching.Contains(outcome.Status));
}
