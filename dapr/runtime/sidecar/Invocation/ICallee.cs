using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>One instance of an app, wherever it is.</summary>
internal interface ICallee
{
    /// <summary>Makes one try. Faults are outcomes; only cancellation is thrown.</summary>
    ValueTask<CallOutcome> CallAsync(CallRequest request, CancellationToken cancellationToken);
}
