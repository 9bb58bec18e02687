using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>What the deliveries of one subscription share, and how one try is made and judged.</summary>
internal sealed class DeliveryContext
{
    /// <summary>Shorter than a lease: waiting for an app that is busy must not count as a try.</summary>
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    private readonly ResiliencePipeline<DeliveryReply> _oneTry;
    private readonly CancellationToken _aborted;

    public DeliveryContext(
        SubscriptionResource subscription, PubSubTarget target, EventRoutes routes, TargetPolicy policy, bool raw, AppClient app, AppHealth health,
        DeliveryTrace trace, TimeProvider time, ILogger log, CancellationToken aborted)
    {
        (Subscription, Target, Routes, Policy, IsRaw, App, Health, Trace, Time, Logger) =
            (subscription, target, routes, policy, raw, app, health, trace, time, log);
        _oneTry = PolicyPipeline.OneTry<DeliveryReply>(policy, static reply => reply.HasFailed, time);
        _aborted = aborted;
    }

    public SubscriptionResource Subscription { get; }

    public PubSubTarget Target { get; }

    public EventRoutes Routes { get; }

    public TargetPolicy Policy { get; }

    public bool IsRaw { get; }

    public AppClient App { get; }

    public AppHealth Health { get; }

    public DeliveryTrace Trace { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>A breaker turned a delivery away, so that the subscription should rest.</summary>
    public Action? TurnedAway { get; set; }

    /// <summary>Whether deliveries are taken at all.</summary>
    public bool IsOpen => Health.IsHealthy && !_aborted.IsCancellationRequested;

    public string Topic => Subscription.Topic;

    /// <summary>The event as the app gets it, where to, and its trace; or the verdict where it isn't delivered.</summary>
    public bool TryPrepare(Delivery delivery, out PreparedEvent prepared, out Verdict verdict)
    {
        prepared = default;
        verdict = default;
        var stored = delivery.Event;
        var data = stored.Data;
        string? madeId = null;
        if (IsRaw)
        {
            data = RawEvent.Wrap(data.Span, Target.Name, stored.Topic, stored.Metadata, out madeId);
        }

        if (!EventHead.TryRead(data.Span, out var head, out var problem))
        {
            verdict = new(VerdictKind.GivenUp, problem);
        }
        else if (head.Expiration < Time.GetUtcNow())
        {
            verdict = new(VerdictKind.Dropped, "the event has expired");
        }
        else if (!Routes.TryFind(data, out var path, out problem))
        {
            verdict = new(VerdictKind.GivenUp, problem);
        }
        else if (path is null)
        {
            verdict = new(VerdictKind.Dropped, "no rule takes the event");
        }
        else
        {
            stored.Metadata.TryGetValue("traceparent", out var published);
            prepared = new(data, path, head.Id ?? madeId, Trace.Of(head.Trace ?? published));
            return true;
        }

        if (verdict.Kind == VerdictKind.Dropped)
        {
            Log.Dropped(Logger, head.Id, Topic, verdict.Cause);
        }
        else
        {
            Log.Failed(Logger, head.Id, Topic, verdict.Cause, delivery.Try);
        }

        return false;
    }

    /// <summary>Makes one try under the policy: sends a request and reads the answer.</summary>
    /// <param name="began">When the broker handed the events over.</param>
    public async ValueTask<DeliveryReply> TryAsync<TState>(
        Func<TState, HttpRequestMessage> request, Func<AppAnswer, TState, DeliveryReply> read, TState state, long began, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborted);
        var entered = false;
        try
        {
            entered = await App.TryEnterAsync(BusyWait, either.Token).ConfigureAwait(false);
            if (!entered)
            {
                return DeliveryReply.Of(new(VerdictKind.GivenBack, "the app has as many requests as --app-max-concurrency allows"));
            }

            return await _oneTry.ExecuteAsync(
                static (run, token) => run.Self.ExchangeAsync(run.request, run.read, run.state, token),
                (Self: this, request, read, state),
                either.Token).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return DeliveryReply.Of(new(VerdictKind.Failed, $"no answer within {GoDuration.Text(Policy.Timeout.GetValueOrDefault())}"));
        }
        catch (BrokenCircuitException)
        {
            if (!Target.Component.Keeps)
            {
                return DeliveryReply.Of(new(VerdictKind.GivenUp, "circuit breaker is open"));
            }

            TurnedAway?.Invoke();
            return DeliveryReply.Of(new(VerdictKind.GivenBack, "circuit breaker is open"));
        }
        catch (OperationCanceledException) when (_aborted.IsCancellationRequested)
        {
            return DeliveryReply.Of(new(VerdictKind.GivenBack, "the sidecar is stopping"));
        }
        catch (OperationCanceledException) when (entered && cancellationToken.IsCancellationRequested)
        {
            // The broker has taken the events back. A timer may ring a little early; long before its time it was no timer.
            return Target.Component.Lease is { } lease && Time.GetElapsedTime(began) > lease * 0.9
                ? DeliveryReply.Of(new(VerdictKind.Failed, $"no answer within {GoDuration.Text(lease)}"))
                : DeliveryReply.Of(new(VerdictKind.GivenBack, "the broker took it back"));
        }
        finally
        {
            if (entered)
            {
                App.Leave();
            }
        }
    }

    /// <summary>What the broker is told: a failure that no retry policy would try again is given up.</summary>
    public Verdict Judge(in AppOutcome outcome, string? traceParent) =>
        new(
            outcome is { HasFailed: true, Status: { } status } && Policy.Retry is { } retry && !retry.Matching.Contains(status)
                ? VerdictKind.GivenUp
                : outcome.Kind,
            outcome.Cause,
            traceParent);

    private async ValueTask<DeliveryReply> ExchangeAsync<TState>(
        Func<TState, HttpRequestMessage> make, Func<AppAnswer, TState, DeliveryReply> read, TState state, CancellationToken cancellationToken)
    {
        using var request = make(state);
        try
        {
            return read(await App.SendAtOnceAsync(request, cancellationToken).ConfigureAwait(false), state);
        }
        catch (HttpRequestException failure)
        {
            if (failure.HttpRequestError is HttpRequestError.ConnectionError)
            {
                Health.Suspect();
            }

            return DeliveryReply.Of(new(VerdictKind.Failed, $"the app can't be reached: {failure.Message}"));
        }
        catch (IOException failure)
        {
            return DeliveryReply.Of(new(VerdictKind.Failed, $"the app's answer broke off: {failure.Message}"));
        }
    }
}
