using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.PubSub.Subscribing;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>Publish and subscribe: the API on the one side, deliveries to the app on the other.</summary>
internal sealed class PubSubFeature : ISidecarFeature, IDisposable
{
    private const string ApiName = "publish";
    private readonly SidecarRuntime _runtime;
    private readonly PubSubDirectory _directory;
    private readonly AppClient _app;
    private readonly AppHealth _health;
    private readonly SubscriptionManager _subscriptions;
    private readonly ILogger _log;

    public PubSubFeature(SidecarRuntime runtime, AppClient app, AppHealth health)
    {
        _runtime = runtime;
        _log = runtime.Logger("dapr.runtime.pubsub");
        _directory = new(runtime);
        _app = app;
        _health = health;
        _subscriptions = new(runtime, _directory, _app, _health);
        _health.Changed = _subscriptions.OnHealthAsync;
    }

    /// <summary>The pub/sub components and the policies, for features that publish too.</summary>
    public PubSubDirectory Directory => _directory;

    public void Map(ApiRouter router)
    {
        var publish = new PublishApi(_runtime, _directory);
        var bulk = new BulkPublishApi(_runtime, _directory);
        foreach (var method in (ReadOnlySpan<string>)["POST", "PUT"])
        {
            router.Map(method, "/v1.0-alpha1/publish/bulk/{pubsub}/{*topic}", ApiName, bulk.PublishAsync);
            router.Map(method, "/v1.0/publish/bulk/{pubsub}/{*topic}", ApiName, bulk.PublishAsync);
            router.Map(method, "/v1.0/publish/{pubsub}/{*topic}", ApiName, publish.PublishAsync);
        }
    }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _directory.Reload();
        await _subscriptions.RegisterDeclaredAsync(cancellationToken).ConfigureAwait(false);
        if (_app.Exists)
        {
            // While the app comes up. Neither it nor the sidecar's health waits for this.
            WarmUp.Begin(_runtime.Options, _runtime.Time, _log);
        }
    }

    public async ValueTask AppReachableAsync(CancellationToken cancellationToken)
    {
        if (_app.Exists)
        {
            // What it says concerns actors and such; that it is asked is part of the handshake.
            await AppHandshake.AskAsync(_app, "/dapr/config", _directory.Policies.Initialization, _runtime.Time, cancellationToken).ConfigureAwait(false);
        }

        await _health.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ResourcesChangedAsync(ResourceChanges changes, CancellationToken cancellationToken)
    {
        if (changes.ResiliencyChanged)
        {
            _directory.Reload();
        }

        await _subscriptions.ChangeAsync(changes.ResiliencyChanged, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask StopDeliveriesAsync(CancellationToken drained) => await _subscriptions.StopAsync(drained).ConfigureAwait(false);

    public async ValueTask StopAsync(CancellationToken drained)
    {
        await _health.DisposeAsync().ConfigureAwait(false);
        await _subscriptions.StopAsync(drained).ConfigureAwait(false);
        Dispose();
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _app.Dispose();
    }

    public void Describe(SidecarMetadata metadata)
    {
        // All features share these policies.
        metadata.OpenCircuits.AddRange(_directory.Policies.OpenCircuits);
        foreach (var subscription in _subscriptions.Wanted)
        {
            metadata.Subscriptions.Add(new(
                subscription.PubSub,
                subscription.Topic,
                [.. subscription.Rules, .. subscription.DefaultPath is { } path ? [new SubscriptionRule("", path)] : (SubscriptionRule[])[]],
                subscription.DeadLetterTopic ?? "",
                subscription.Source is null ? "PROGRAMMATIC" : "DECLARATIVE",
                subscription.Metadata));
        }

        if (_app.Exists && _runtime.Options.AppHealth is { } health)
        {
            metadata.AppHealth = new(health.Path, health.Interval, health.Timeout, health.Threshold);
        }
    }
}
