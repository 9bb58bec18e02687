using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Endpoints;
using HmsMesh.Sidecar.Invocation.Internal;
using HmsMesh.Sidecar.Invocation.Names;
using HmsMesh.Sidecar.Invocation.Request;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>Calls between apps. Takes what no other route takes: to daprd that is a call of another app, named in the header dapr-app-id.</summary>
internal sealed class InvocationFeature : ISidecarFeature, IDisposable
{
    private readonly SidecarRuntime _runtime;
    private readonly PubSubDirectory _shared;
    private readonly AppCallee _own;
    private readonly HttpEndpoints _endpoints;
    private readonly SidecarClient _client;
    private readonly NamesToken _token;
    private readonly INameBook _names;
    private readonly InternalServer? _server;
    private readonly InvocationApi _api;

    public InvocationFeature(SidecarRuntime runtime, AppClient app, AppHealth health, PubSubDirectory shared)
    {
        _runtime = runtime;
        _shared = shared;
        var log = runtime.Logger("dapr.runtime.names");
        _own = new(runtime, app, health);
        var caller = new CallerHeaders(runtime.Options);
        _endpoints = new(runtime);
        var options = SqliteNamesOptions.Of(runtime.Options, runtime.Resources.Configuration, out var known);
        _token = new(options.InMemory ? null : options.Path + ".token", runtime.Time);
        _client = new(caller, _token);
        if (runtime.Services.Host is { } host)
        {
            _names = new HostNames(host, runtime.Options.AppId, InvocationApi.SpaceOf(runtime.Options), _own, caller);
        }
        else
        {
            if (!known && runtime.Resources.Configuration.NameResolution is not null)
            {
                Log.NoMdns(log, options.Path);
            }

            _server = new(runtime);
            _names = new SqliteNames(runtime, options, _client, () => _server.Reached, log);
        }

        _api = new(runtime, new(runtime, _names), _own, _endpoints, Policies());
    }

    public void Map(ApiRouter router) => router.MapFallback("invoke", _api.InvokeAsync);

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _endpoints.ReloadAsync(cancellationToken).ConfigureAwait(false);
        _api.Policies = Policies();
    }

    public async ValueTask AppReachableAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.StartAsync(new InternalCalls(_runtime, _own, _token), cancellationToken).ConfigureAwait(false);
        }

        _names.Register();
    }

    public async ValueTask ResourcesChangedAsync(ResourceChanges changes, CancellationToken cancellationToken)
    {
        await _endpoints.ReloadAsync(cancellationToken).ConfigureAwait(false);
        if (changes.ResiliencyChanged)
        {
            _api.Policies = Policies();
        }
    }

    public async ValueTask StopAsync(CancellationToken drained)
    {
        await _names.DeregisterAsync(drained).ConfigureAwait(false);
        if (_server is not null)
        {
            // Calls under way end; those that last longer than the grace are cut off.
            await _server.StopAsync(drained).ConfigureAwait(false);
        }

        await _own.DrainAsync(drained).ConfigureAwait(false);
        await _names.DisposeAsync().ConfigureAwait(false);
        Dispose();
    }

    public void Dispose()
    {
        _server?.Dispose();
        _client.Dispose();
        _endpoints.Dispose();
    }

    /// <summary>Nobody new finds the app, and who found it a moment ago calls another instance; what is under way ends.</summary>
    public async ValueTask StopDeliveriesAsync(CancellationToken drained)
    {
        await _names.DeregisterAsync(drained).ConfigureAwait(false);
        _own.Leave();
    }

    public void Describe(SidecarMetadata metadata) => metadata.HttpEndpoints.AddRange(_endpoints.Names);

    private CallPolicies Policies() => new(_shared.Policies, _runtime.Time);
}
