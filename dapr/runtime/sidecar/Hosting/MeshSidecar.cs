using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.Resources;
using HmsMesh.Sidecar.Security;
using Microsoft.Extensions.Logging;
using Log = HmsMesh.Sidecar.Hosting.Log;

namespace HmsMesh.Sidecar;

/// <summary>One sidecar: a Kestrel server of its own that is Dapr to its app.</summary>
public sealed class MeshSidecar : IAsyncDisposable
{
    private readonly SidecarRuntime _runtime;
    private readonly ApiServer _server;
    private readonly ComponentOpener _opener;
    private readonly ResourceReloader _reloader;
    private readonly IReadOnlyList<ISidecarFeature> _features;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;
    private int _stopRequested;

    private MeshSidecar(SidecarOptions options, SidecarServices services)
    {
        _started = services.Time.GetTimestamp();
        _log = services.Loggers.CreateLogger(SidecarLogCategory.Of("dapr.runtime", options.AppId));
        Log.Starting(_log, options.AppId);
        if (options.Ignored.Count > 0)
        {
            Log.IgnoredFlags(_log, string.Join(", ", options.Ignored));
        }

        var resourcesLog = services.Loggers.CreateLogger(SidecarLogCategory.Of("dapr.runtime.resources", options.AppId));
        var stamp = ResourceStamp.Of(options.ResourcesPaths);
        var loader = new ResourceLoader(options, resourcesLog);
        var resources = loader.Load();
        var registry = new ComponentRegistry();
        _runtime = new SidecarRuntime(options, services, resources, registry) { RequestShutdown = RequestShutdown, StopDeliveries = StopDeliveriesAsync };
        _opener = new ComponentOpener(options, services, registry, _runtime.Logger("dapr.runtime.processor"));
        _features = SidecarFeatures.Create(_runtime);
        _reloader = new ResourceReloader(_runtime, loader, _opener, _features, stamp, resourcesLog);
        _server = new ApiServer(_runtime);
    }

    public SidecarOptions Options => _runtime.Options;

    /// <summary>The port that the API listens on (the one taken, where 0 was asked for).</summary>
    public int HttpPort => _server.Port;

    /// <summary>The circuit breakers that are not closed now.</summary>
    public IReadOnlyList<OpenCircuit> OpenCircuits => CircuitsFeature.Of(_features);

    /// <summary>Completes when the app is there, its subscriptions are made and deliveries flow; faults with <see cref="SidecarException"/>,
    /// and is cancelled where the sidecar stops before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the sidecar has ended, by <see cref="StopAsync"/> or by POST /v1.0/shutdown; faults with
    /// <see cref="SidecarException"/> where a fault ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Reads resources, opens components, registers the declared subscriptions with the broker, and listens. Doesn't wait
    /// for the app. Throws <see cref="SidecarException"/>.</summary>
    public static async Task<MeshSidecar> StartAsync(SidecarOptions options, SidecarServices services, CancellationToken cancellationToken)
    {
        var sidecar = new MeshSidecar(options, services);
        try
        {
            await sidecar.OpenAsync(cancellationToken).ConfigureAwait(false);
            return sidecar;
        }
        catch
        {
            await sidecar.CloseAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no more deliveries and waits for those under way, as long as a stop would; the API goes on, so that the app can end
    /// in order. There is no way back but a new sidecar.</summary>
    public async Task StopDeliveriesAsync(CancellationToken cancellationToken)
    {
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var limit = _runtime.Time.CreateTimer(
            static state => Cancel((CancellationTokenSource)state!), grace, Options.GracefulShutdown, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        try
        {
            foreach (var feature in _features)
            {
                await feature.StopDeliveriesAsync(grace.Token).ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException) when (Volatile.Read(ref _stopRequested) != 0)
        {
            // The sidecar ends already, and so do its deliveries.
        }
    }

    /// <summary>Stops taking deliveries, waits for those under way, closes components, ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        RequestShutdown(null);
        return _ended.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        RequestShutdown(null);
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was in time.
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var router = new ApiRouter(new ApiAccessFilter(_runtime.Resources.Configuration.Api));
        foreach (var feature in _features)
        {
            feature.Map(router);
        }

        await _opener.OpenAsync(_runtime.Resources.Components, cancellationToken).ConfigureAwait(false);
        foreach (var feature in _features)
        {
            await feature.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        await _server.StartAsync(new ApiDispatcher(_runtime, router), cancellationToken).ConfigureAwait(false);
        Log.Listening(_log, _server.Address);
        _ = MeetAppAsync();
    }

    private async Task MeetAppAsync()
    {
        try
        {
            if (Options.AppPort is { } port)
            {
                Log.AppAwaited(_log, Options.AppChannelAddress, port);
                await AppPort.WaitAsync(Options.AppChannelAddress, port, _runtime.Time, _runtime.Stopping).ConfigureAwait(false);
                Log.AppReached(_log, port);
            }

            foreach (var feature in _features)
            {
                await feature.AppReachableAsync(_runtime.Stopping).ConfigureAwait(false);
            }

            _runtime.IsReady = true;
            Log.Running(_log, (long)_runtime.Time.GetElapsedTime(_started).TotalMilliseconds);
            _reloader.Start();
            _ready.TrySetResult();
        }
        catch (OperationCanceledException) when (_runtime.Stopping.IsCancellationRequested)
        {
            _ready.TrySetCanceled(_runtime.Stopping);
        }
        catch (Exception failure)
        {
            var fault = failure as SidecarException ?? new SidecarException($"The sidecar of {Options.AppId} failed: {failure.Message}", failure);
            _ready.TrySetException(fault);
            RequestShutdown(fault);
        }
    }

    private void RequestShutdown(SidecarException? fault)
    {
        if (Interlocked.Exchange(ref _stopRequested, 1) == 0)
        {
            _ = Task.Run(() => ShutDownAsync(fault), CancellationToken.None);
        }
    }

    private async Task ShutDownAsync(SidecarException? fault)
    {
        try
        {
            if (fault is not null)
            {
                Log.Fatal(_log, fault.Message);
            }
            else if (Options.BlockShutdown > TimeSpan.Zero)
            {
                // As daprd: nothing more comes in, and the app may still say what it has to.
                Log.ShutdownBlocked(_log, GoDuration.Text(Options.BlockShutdown));
                await StopDeliveriesAsync(CancellationToken.None).ConfigureAwait(false);
                await Task.Delay(Options.BlockShutdown, _runtime.Time, CancellationToken.None).ConfigureAwait(false);
            }

            Log.Stopping(_log, GoDuration.Text(Options.GracefulShutdown));
            using var grace = new CancellationTokenSource(Options.GracefulShutdown, _runtime.Time);
            await CloseAsync(grace.Token).ConfigureAwait(false);
            Log.Ended(_log);
        }
        catch (Exception failure)
        {
            fault ??= new SidecarException($"The sidecar of {Options.AppId} didn't end in good order: {failure.Message}", failure);
        }

        if (fault is null)
        {
            _ended.TrySetResult();
        }
        else
        {
            _ended.TrySetException(fault);
        }
    }

    private async Task CloseAsync(CancellationToken drained)
    {
        _runtime.IsReady = false;
        await _runtime.BeginStopAsync().ConfigureAwait(false);
        _ready.TrySetCanceled(_runtime.Stopping);

        // A change that is being taken waits for deliveries under way, and those are cut off when the time is up.
        await _reloader.StopAsync().WaitAsync(drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var feature in _features.Reverse())
        {
            await TryAsync(feature.GetType().Name, async () => await feature.StopAsync(drained).ConfigureAwait(false)).ConfigureAwait(false);
        }

        await TryAsync("the API", () => _server.StopAsync(drained)).ConfigureAwait(false);
        foreach (var name in _runtime.Components.All.Select(static component => component.Resource.Name))
        {
            await TryAsync(name, () => _opener.CloseAsync(name)).ConfigureAwait(false);
        }

        _server.Dispose();
        _runtime.Dispose();
    }

    /// <summary>One thing that doesn't close in good order keeps no other from closing.</summary>
    private async Task TryAsync(string what, Func<Task> close)
    {
        try
        {
            await close().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.CloseFailed(_log, failure, what);
        }
    }
}
