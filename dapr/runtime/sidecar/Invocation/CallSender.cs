using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Names;
using HmsMesh.Sidecar.Invocation.Request;
using HmsMesh.Sidecar.Resiliency;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>Finds who has a name and calls: the next instance in turn, and another where one can't be reached.</summary>
internal sealed class CallSender(SidecarRuntime runtime, INameBook names)
{
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(5);

    /// <param name="builtIn">Dapr's own retries of what couldn't be reached; null: the target has a policy of its own.</param>
    public async ValueTask<CallOutcome> SendAsync(CallRequest request, string appId, string space, RetryPolicy? builtIn, CancellationToken cancellationToken)
    {
        CallOutcome? last = null;
        var retries = 0;
        while (true)
        {
            InstanceSet set;
            try
            {
                set = await names.FindAsync(appId, space, again: retries > 0, cancellationToken).ConfigureAwait(false);
            }
            catch (SidecarException unreadable)
            {
                return CallOutcome.Of(FaultKind.Refused, unreadable.Message);
            }

            if (set.Count == 0)
            {
                return last ?? CallOutcome.Of(FaultKind.Refused, "no host found with the given ID");
            }

            last = await RoundAsync(request, set, cancellationToken).ConfigureAwait(false);
            if (last.Fault is not { Kind: FaultKind.Unavailable } fault)
            {
                return last;
            }

            if (builtIn is null || request.Body.IsStream || request.Body.IsSpent || builtIn.DelayAfter(retries + 1) is not { } delay)
            {
                return builtIn is null ? last : CallOutcome.Of(FaultKind.Unavailable, $"failed to invoke target {appId} after {retries} retries. Error: {fault.Message}");
            }

            await Task.Delay(delay, runtime.Time, cancellationToken).ConfigureAwait(false);
            retries++;
        }
    }

    /// <summary>Each instance once, until one can be reached.</summary>
    private async ValueTask<CallOutcome> RoundAsync(CallRequest request, InstanceSet set, CancellationToken cancellationToken)
    {
        var first = set.Next(runtime.Time);
        var tried = 0;
        while (true)
        {
            var instance = set.At(first + tried);
            var outcome = await instance.Callee.CallAsync(request, cancellationToken).ConfigureAwait(false);
            if (outcome.Fault is not { Kind: FaultKind.Unavailable })
            {
                return outcome;
            }

            instance.MarkDown(runtime.Time, Down);
            if (++tried >= set.Count || request.Body.IsSpent)
            {
                return outcome;
            }
        }
    }
}
