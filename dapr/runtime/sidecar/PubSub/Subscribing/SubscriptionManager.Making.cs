using HmsMesh.Broker;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <content>How a subscription that is wanted becomes one that delivers.</content>
internal sealed partial class SubscriptionManager
{
    private const int DefaultConcurrency = 64;
    private const int DefaultBatch = 100;
    private const int MaxBatch = 10_000;
    private static readonly TimeSpan DefaultBatchWait = TimeSpan.FromSeconds(1);

    private async Task StartAsync(SubscriptionResource subscription, CancellationToken cancellationToken)
    {
        if (Problem(subscription, out var target, out var routes, out var raw) is { } problem)
        {
            Log.NotSubscribed(_log, subscription.PubSub, subscription.Topic, problem);
            return;
        }

        var cut = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
        var context = new DeliveryContext(
            subscription, target!, routes!, directory.Policies.PubSubInbound(subscription.PubSub), raw, app, health,
            new(runtime.Resources.Configuration), runtime.Time, _log, cut.Token);
        try
        {
            _active.Add(await ActiveSubscription.StartAsync(context, Options(subscription, target!), cut, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            cut.Dispose();
            throw;
        }

        Log.Subscribed(_log, subscription.PubSub, subscription.Topic, subscription.Source is null ? "programmatic" : "declared");
    }

    private string? Problem(SubscriptionResource subscription, out PubSubTarget? target, out EventRoutes? routes, out bool raw)
    {
        (routes, raw) = (null, false);
        if (!directory.TryGet(subscription.PubSub, out target))
        {
            return "there is no such pub/sub component";
        }

        if (subscription.Topic.Length == 0)
        {
            return "it names no topic";
        }

        if (!target.Scopes.MaySubscribe(subscription.Topic))
        {
            return $"the topic is not allowed for app id {runtime.Options.AppId}";
        }

        if (!EventRoutes.TryCreate(subscription, app.Address, out routes, out var problem)
            || !PublishMetadata.TryRaw(subscription.Metadata, out raw, out problem))
        {
            return problem;
        }

        return routes!.IsEmpty ? "it names no route" : null;
    }

    private SubscriptionOptions Options(SubscriptionResource subscription, PubSubTarget target)
    {
        var dead = subscription.DeadLetterTopic;
        if (dead is not null && !target.Component.Keeps && !target.Scopes.MayPublish(dead))
        {
            // Without a broker behind it the sidecar publishes the dead letter itself, as the app.
            Log.DeadLetterForbidden(_log, subscription.Topic, dead);
            dead = null;
        }

        var bulk = subscription.Bulk is { Enabled: true } enabled ? enabled : null;
        var limit = runtime.Options.AppMaxConcurrency;
        return new()
        {
            PubSub = target.Name,
            Topic = subscription.Topic,
            Consumer = target.Component.Consumer,
            Concurrency = limit > 0 ? Math.Min(limit, DefaultConcurrency) : DefaultConcurrency,
            BatchSize = bulk is null ? 1 : Math.Clamp(bulk.MaxMessagesCount > 0 ? bulk.MaxMessagesCount : DefaultBatch, 1, MaxBatch),
            BatchWait = bulk is null ? TimeSpan.Zero : bulk.MaxAwaitDuration > TimeSpan.Zero ? bulk.MaxAwaitDuration : DefaultBatchWait,
            DeadLetterTopic = dead,
            DeadLetterDropped = dead is not null,
            Retry = directory.Policies.PubSubInbound(target.Name).Retry ?? target.Component.Redelivery,
        };
    }
}
