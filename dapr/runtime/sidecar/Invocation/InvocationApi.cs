using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Endpoints;
using HmsMesh.Sidecar.Invocation.Request;
using HmsMesh.Sidecar.Resiliency;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>A call of another app, of this one, or of an address outside the mesh.</summary>
internal sealed class InvocationApi(SidecarRuntime runtime, CallSender sender, ICallee own, HttpEndpoints endpoints, CallPolicies policies)
{
    private const string ErrorCode = "ERR_DIRECT_INVOKE";

    private static readonly ApiFault NoApp = new(404, ErrorCode, "failed getting app id either from the URL path or the header dapr-app-id");

    private readonly ILogger _log = runtime.Logger("dapr.runtime.direct-messaging");
    private readonly string _space = SpaceOf(runtime.Options);

    /// <summary>Replaced when resources change.</summary>
    public CallPolicies Policies { get; set; } = policies;

    public static string SpaceOf(SidecarOptions options) => options.Namespace is { Length: > 0 } space ? space : "default";

    public async ValueTask InvokeAsync(ApiCall call)
    {
        if (!CallTarget.TryRead(SentPath.Of(call.Http), call.Request.Headers, out var target))
        {
            await call.FailAsync(NoApp).ConfigureAwait(false);
            return;
        }

        if (target.Problem is not null)
        {
            await FailAsync(call, target.Id, target.Problem).ConfigureAwait(false);
            return;
        }

        var policy = PolicyOf(target);
        CallBody body;
        try
        {
            body = await CallBody.TakeAsync(call.Http, policy is { HasRetries: true }).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad)
        {
            await FailAsync(call, target.Id, CallFault.OfBody(bad).Message).ConfigureAwait(false);
            return;
        }

        using (body)
        {
            var request = new CallRequest(call.Request, target.Path, body, call.Span)
            {
                TraceState = call.Caller is not null ? call.Request.Headers.TraceState : default(string),
            };
            await AnswerAsync(call, target, request, policy).ConfigureAwait(false);
        }
    }

    private CallPolicy? PolicyOf(in CallTarget target) =>
        endpoints.BaseOf(target.Id) is { } root ? Policies.Of(target.Id, $"{target.Id}:{root}") : Policies.Of(target.Id, $"{target.Id}:{target.Path}");

    private async ValueTask AnswerAsync(ApiCall call, CallTarget target, CallRequest request, CallPolicy? policy)
    {
        CallOutcome outcome;
        if (policy is null)
        {
            outcome = await TryAsync(call, target, request, call.Aborted).ConfigureAwait(false);
        }
        else
        {
            var context = ResilienceContextPool.Shared.Get(call.Aborted);
            var pipeline = request.Body.IsOnce || !policy.HasRetries ? policy.OneTry : policy.WithRetries;
            try
            {
                var result = await pipeline.ExecuteOutcomeAsync(
                    static async (context, state) =>
                        Outcome.FromResult(await state.Api.TryAsync(state.Call, state.Target, state.Request, context.CancellationToken).ConfigureAwait(false)),
                    context,
                    (Api: this, Call: call, Target: target, Request: request)).ConfigureAwait(false);
                outcome = result.Exception is { } exception ? Outcomes(exception, call.Aborted) : result.Result!;
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }

        using (outcome)
        {
            await EndAsync(call, target, outcome).ConfigureAwait(false);
        }
    }

    /// <summary>What a policy ended in place of the app.</summary>
    private static CallOutcome Outcomes(Exception exception, CancellationToken aborted)
    {
        aborted.ThrowIfCancellationRequested();
        return exception switch
        {
            BrokenCircuitException => CallOutcome.Of(FaultKind.Refused, "circuit breaker is open"),
            TimeoutRejectedException or OperationCanceledException => CallOutcome.Of(FaultKind.App, "context deadline exceeded"),
            _ => throw exception,
        };
    }

    /// <summary>One try. An answer that no policy can want to have again goes to the caller here, within the try's timeout.</summary>
    private async ValueTask<CallOutcome> TryAsync(ApiCall call, CallTarget target, CallRequest request, CancellationToken cancellationToken)
    {
        CallOutcome outcome;
        try
        {
            outcome = await SendAsync(target, request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            request.Body.Abandon();
            throw;
        }

        ForgetIfGone(call, outcome);
        if (outcome.Response is not null && (!outcome.IsFailure || request.Body.IsOnce))
        {
            await RelayAsync(call, outcome, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    private ValueTask<CallOutcome> SendAsync(in CallTarget target, CallRequest request, CancellationToken cancellationToken)
    {
        if (target.IsUrl)
        {
            return endpoints.Open(target.Id).CallAsync(request, cancellationToken);
        }

        var dot = target.Id.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0 && target.Id.IndexOf('.', dot + 1) >= 0)
        {
            return new(CallOutcome.Of(FaultKind.Refused, $"invalid app id {target.Id}"));
        }

        var (id, space) = dot < 0 ? (target.Id, _space) : (target.Id[..dot], target.Id[(dot + 1)..]);
        return endpoints.Find(id) is { } endpoint ? endpoint.CallAsync(request, cancellationToken)
            : id == runtime.Options.AppId && space == _space ? own.CallAsync(request, cancellationToken)
            : sender.SendAsync(request, id, space, Policies.BuiltIn(id), cancellationToken);
    }

    private static async ValueTask RelayAsync(ApiCall call, CallOutcome outcome, CancellationToken cancellationToken)
    {
        outcome.IsRelayed = true;
        try
        {
            await AnswerRelay.RelayAsync(outcome, call.Http, toApp: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            outcome.Broken = failure;
            ForgetIfGone(call, outcome);
        }
    }

    /// <summary>A caller that hung up says nothing of the app, and no breaker may count what came of its call.</summary>
    private static void ForgetIfGone(ApiCall call, CallOutcome outcome)
    {
        if (call.Aborted.IsCancellationRequested)
        {
            outcome.Dispose();
            throw new OperationCanceledException(call.Aborted);
        }
    }

    private async ValueTask EndAsync(ApiCall call, CallTarget target, CallOutcome outcome)
    {
        if (outcome.Fault is { } fault)
        {
            await FailAsync(call, target.Id, fault.Message, fault.Kind == FaultKind.Denied ? 403 : 500).ConfigureAwait(false);
            return;
        }

        if (!outcome.IsRelayed)
        {
            await RelayAsync(call, outcome, call.Aborted).ConfigureAwait(false);
        }

        if (outcome.Broken is not { } broken)
        {
            return;
        }

        call.Aborted.ThrowIfCancellationRequested();
        Log.BrokenOff(_log, target.Id, broken.Message);
        if (call.Http.Response.HasStarted)
        {
            // The caller must not take what came for the whole.
            call.Http.Abort();
            return;
        }

        call.Http.Response.Clear();
        await FailAsync(call, target.Id, broken is OperationCanceledException ? "context deadline exceeded" : CallFault.Reason(broken)).ConfigureAwait(false);
    }

    private ValueTask FailAsync(ApiCall call, string target, string problem, int status = 500)
    {
        Log.Failed(_log, target, problem);
        call.IsTooLarge = problem == CallFault.BodyTooLarge;
        call.Http.Response.Headers.TraceParent = call.Span.TraceParent;
        return call.FailAsync(new ApiFault(status, ErrorCode, $"failed to invoke, id: {target}, err: {problem}"));
    }
}
