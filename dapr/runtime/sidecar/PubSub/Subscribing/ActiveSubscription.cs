using HmsMesh.Broker;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>
/// A subscription that delivers. It rests while the app is unhealthy, and, on a broker that keeps events, while its circuit is open:
/// then nothing is spent, and one try follows when the breaker lets it.
/// </summary>
internal sealed class ActiveSubscription : IAsyncDisposable
{
    /// <summary>How soon a turned-away subscription looks again while a half-open breaker waits for its trial.</summary>
    private static readonly TimeSpan TrialWait = TimeSpan.FromMilliseconds(100);

    private readonly DeliveryContext _context;
    private readonly PauseGate _gate;
    private readonly CircuitBreaker? _breaker;
    private readonly ITimer _wake;
    private readonly CancellationTokenSource _cut;
    private IBrokerSubscription? _subscription;

    private ActiveSubscription(DeliveryContext context, CancellationTokenSource cut)
    {
        (_context, _cut) = (context, cut);
        _gate = new(
            reason => TellPaused(context, reason),
            () => Log.Resumed(context.Logger, context.Topic));
        _wake = context.Time.CreateTimer(static self => ((ActiveSubscription)self!)._gate.Resume(PauseReasons.CircuitIsOpen), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (context.Policy.Breaker is { } breaker && context.Target.Component.Keeps)
        {
            _breaker = breaker;
            breaker.Watch(Rest);
            context.TurnedAway = () => Rest(breaker.Wait);
        }
    }

    public SubscriptionResource Resource => _context.Subscription;

    /// <summary>The component's instance it hangs on: another one of the same name needs a subscription of its own.</summary>
    public PubSubTarget Target => _context.Target;

    /// <param name="cut">What the context's deliveries heed; it becomes the subscription's own.</param>
    public static async Task<ActiveSubscription> StartAsync(
        DeliveryContext context, SubscriptionOptions options, CancellationTokenSource cut, CancellationToken cancellationToken)
    {
        var active = new ActiveSubscription(context, cut);
        if (!context.Health.IsHealthy)
        {
            active._gate.Pause(PauseReasons.AppIsUnhealthy);
        }

        IDeliveryHandler handler = context.Subscription.Bulk is { Enabled: true } ? new BulkDelivery(context) : new SingleDelivery(context);
        try
        {
            active._subscription = await context.Target.Component.SubscribeAsync(options, handler, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await active.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        active._gate.Attach(active._subscription);
        return active;
    }

    public void OnHealth(bool healthy)
    {
        if (healthy)
        {
            _gate.Resume(PauseReasons.AppIsUnhealthy);
        }
        else
        {
            _gate.Pause(PauseReasons.AppIsUnhealthy);
        }
    }

    /// <summary>Takes no more deliveries.</summary>
    public void Stop() => _gate.Pause(PauseReasons.Stopping);

    /// <summary>Cuts off the deliveries under way: their events are given back.</summary>
    public void Cut()
    {
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in time, and others have not.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _breaker?.Unwatch(Rest);
        Stop();
        await _wake.DisposeAsync().ConfigureAwait(false);
        if (_subscription is not null)
        {
            await _subscription.DisposeAsync().ConfigureAwait(false);
        }

        _cut.Dispose();
    }

    /// <summary>That it ends is no news to worry about; any other pause is.</summary>
    private static void TellPaused(DeliveryContext context, PauseReasons reason)
    {
        if (reason == PauseReasons.Stopping)
        {
            Log.Stopping(context.Logger, context.Topic);
        }
        else
        {
            Log.Paused(context.Logger, context.Topic, reason.ToString());
        }
    }

    private void Rest(TimeSpan wait)
    {
        _gate.Pause(PauseReasons.CircuitIsOpen);
        _wake.Change(wait > TrialWait ? wait : TrialWait, Timeout.InfiniteTimeSpan);
    }
}
