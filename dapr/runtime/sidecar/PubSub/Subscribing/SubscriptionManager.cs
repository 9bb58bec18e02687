using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>Keeps what is subscribed in step with what resources and app say: one subscription a topic, the app's before a declared one.</summary>
internal sealed partial class SubscriptionManager(SidecarRuntime runtime, PubSubDirectory directory, AppClient app, AppHealth health) : IDisposable
{
    /// <summary>How soon a subscription is tried again that the broker could not take, as on a full disk.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = runtime.Logger("dapr.runtime.pubsub");
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _abort = new();
    private readonly List<ActiveSubscription> _active = [];
    private IReadOnlyList<SubscriptionResource>? _programmatic;
    private Task _again = Task.CompletedTask;
    private bool _started;
    private bool _stopped;
    private bool _missing;
    private bool _tryingAgain;

    /// <summary>What is wanted now, deliverable or not.</summary>
    public IReadOnlyList<SubscriptionResource> Wanted => Merge(runtime.Resources.Subscriptions, _programmatic ?? []);

    /// <summary>Checks the declared rules, so that a broken one ends the start, and makes the consumers known to brokers that keep events.</summary>
    public async Task RegisterDeclaredAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in Merge(runtime.Resources.Subscriptions, []))
        {
            if (!EventRoutes.TryCreate(subscription, app.Address, out var routes, out var problem))
            {
                throw new SidecarException($"{problem} (subscription {subscription.Name})");
            }

            // One without a route never delivers: a broker that kept its events would fill up.
            if (app.Exists && !routes!.IsEmpty && directory.TryGet(subscription.PubSub, out var target) && target.Scopes.MaySubscribe(subscription.Topic))
            {
                await RegisterAsync(subscription, target, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Called when the app became healthy or stopped being so. The first time it is asked for its subscriptions, and all start.</summary>
    public async Task OnHealthAsync(bool healthy, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var subscription in _active)
            {
                subscription.OnHealth(healthy);
            }

            if (healthy && app.Exists && !_started && !_stopped)
            {
                await ReconcileAsync(cancellationToken).ConfigureAwait(false);
                _started = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Resources changed: starts what is new, ends what is gone. With <paramref name="anew"/> all begin again, under new policies.</summary>
    public async Task ChangeAsync(bool anew, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_started || _stopped)
            {
                _tryingAgain &= !_stopped;
                return;
            }

            if (anew)
            {
                await EndInTimeAsync([.. _active]).ConfigureAwait(false);
            }

            await ReconcileAsync(cancellationToken).ConfigureAwait(false);
            _tryingAgain &= _missing;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes no more deliveries, waits for those under way until <paramref name="drained"/>, then cuts them off and gives them back.</summary>
    public async Task StopAsync(CancellationToken drained)
    {
        // First of all, as a change that is under way may itself wait for a delivery that never ends.
        await using var cut = drained.Register(static state => ((CancellationTokenSource)state!).Cancel(), _abort).ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _stopped = true;
            foreach (var subscription in _active)
            {
                subscription.Stop();
            }

            await EndAsync([.. _active]).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        await _again.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _abort.Dispose();
        _turn.Dispose();
    }

    private static List<SubscriptionResource> Merge(IReadOnlyList<SubscriptionResource> declared, IReadOnlyList<SubscriptionResource> programmatic)
    {
        var merged = declared.DistinctBy(subscription => (subscription.PubSub, subscription.Topic)).ToList();
        foreach (var subscription in programmatic)
        {
            var place = merged.FindIndex(other => other.PubSub == subscription.PubSub && other.Topic == subscription.Topic);
            if (place < 0)
            {
                merged.Add(subscription);
            }
            else
            {
                merged[place] = subscription;
            }
        }

        return merged;
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        _programmatic ??= await AskAppAsync(cancellationToken).ConfigureAwait(false);
        var wanted = Wanted;
        _missing = false;
        await EndInTimeAsync([.. _active.Where(active => !wanted.Any(resource => ReferenceEquals(resource, active.Resource)) || !IsCurrent(active))]).ConfigureAwait(false);
        foreach (var subscription in wanted.Where(subscription => !_active.Exists(active => ReferenceEquals(active.Resource, subscription))))
        {
            try
            {
                await StartAsync(subscription, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokerException problem)
            {
                Log.NotSubscribed(_log, subscription.PubSub, subscription.Topic, $"{problem.Message} It is tried again.");
                _missing = true;
            }
        }

        if (_missing && !_tryingAgain)
        {
            _tryingAgain = true;
            _again = TryAgainAsync(runtime.Stopping);
        }
    }

    /// <summary>Until nothing is missing. Its flags are read and set in a turn, so that no failure goes unseen.</summary>
    private async Task TryAgainAsync(CancellationToken stopping)
    {
        try
        {
            do
            {
                await Task.Delay(AgainAfter, runtime.Time, stopping).ConfigureAwait(false);
                await ChangeAsync(anew: false, stopping).ConfigureAwait(false);
            }
            while (_tryingAgain);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The sidecar stops.
        }
    }

    private async Task RegisterAsync(SubscriptionResource subscription, PubSubTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await target.Component.RegisterAsync(Options(subscription, target), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokerException problem)
        {
            throw new SidecarException($"{subscription.Source}: subscription {subscription.Name} can't be registered: {problem.Message}", problem);
        }
    }

    private bool IsCurrent(ActiveSubscription active) =>
        directory.TryGet(active.Resource.PubSub, out var target) && ReferenceEquals(target.Component, active.Target.Component);

    /// <summary>A subscription that ends while the sidecar goes on has as long for its deliveries as all have when it stops.</summary>
    private async Task EndInTimeAsync(IReadOnlyList<ActiveSubscription> ending)
    {
        if (ending.Count == 0)
        {
            return;
        }

        using var late = new CancellationTokenSource(runtime.Options.GracefulShutdown, runtime.Time);
        await using var cut = late.Token.Register(() =>
        {
            foreach (var subscription in ending)
            {
                subscription.Cut();
            }
        }).ConfigureAwait(false);
        await EndAsync(ending).ConfigureAwait(false);
    }

    private async Task EndAsync(IReadOnlyList<ActiveSubscription> ending)
    {
        // Side by side: each waits for the deliveries that it has under way.
        await Task.WhenAll(ending.Select(subscription => subscription.DisposeAsync().AsTask())).ConfigureAwait(false);
        _active.RemoveAll(ending.Contains);
    }

    private async Task<IReadOnlyList<SubscriptionResource>> AskAppAsync(CancellationToken cancellationToken)
    {
        if (!runtime.Components.Any<IPubSub>())
        {
            return [];
        }

        var answer = await AppHandshake.AskAsync(app, "/dapr/subscribe", directory.Policies.Initialization, runtime.Time, cancellationToken).ConfigureAwait(false);
        switch (answer)
        {
            case { Status: 404 }:
                return [];
            case { Status: 200 } found:
                try
                {
                    return ProgrammaticSubscriptions.Read(found.Body.Span);
                }
                catch (JsonException e)
                {
                    Log.BadProgrammatic(_log, e.Message);
                    return [];
                }

            default:
                Log.BadProgrammatic(_log, answer is { } other ? $"the app answered {other.Status}" : "the app can't be reached");
                return [];
        }
    }
}
