using HmsMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.AppChannel;

/// <summary>
/// Asks the app for its health on an interval. So many failures in a row make it unhealthy, one 2xx makes it healthy; until it was
/// healthy once it counts as unhealthy. Without --enable-app-health-check it is healthy as soon as it is reachable.
/// </summary>
internal sealed class AppHealth(SidecarRuntime runtime, AppClient client) : IAsyncDisposable
{
    /// <summary>How soon an app that was never healthy is asked again: starting apps shouldn't wait for a whole interval.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _log = runtime.Logger("dapr.apphealth");
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _probed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _asked = Question();
    private Task _probing = Task.CompletedTask;
    private volatile bool _healthy;
    private bool _everHealthy;
    private int _failures;

    /// <summary>Awaited before the next probe: true when the app became healthy, false when it stopped being so.</summary>
    public Func<bool, CancellationToken, Task>? Changed { get; set; }

    public bool IsHealthy => _healthy;

    private AppHealthOptions? Settings => client.Exists ? runtime.Options.AppHealth : null;

    /// <summary>Begins, and waits for the first probe and what follows from it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Settings is null)
        {
            await BecomeAsync(true, cancellationToken).ConfigureAwait(false);
            return;
        }

        _probing = ProbeAsync(Settings, _stop.Token);
        await (await Task.WhenAny(_probed.Task, _probing).WaitAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>The app could not be reached: asks for its health now, not at the end of the interval.</summary>
    public void Suspect()
    {
        if (Settings is not null)
        {
            _asked.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ProbeAsync(AppHealthOptions settings, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var healthy = await AskAsync(settings, cancellationToken).ConfigureAwait(false);
            try
            {
                await JudgeAsync(settings, healthy, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (_probed.Task.IsCompleted && failure is not OperationCanceledException)
            {
                // The probes go on, and the next good one begins anew.
                _healthy = false;
                Log.ChangeFailed(_log, failure);
            }

            _probed.TrySetResult();
            var interval = _everHealthy || settings.Interval < FirstInterval ? settings.Interval : FirstInterval;
            await WaitAsync(interval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Until the interval is over or somebody asks; without an exception, as this goes on for as long as the app runs.</summary>
    private async Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        await _asked.Task.WaitAsync(interval, runtime.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_asked.Task.IsCompleted)
        {
            _asked = Question();
        }
    }

    private static TaskCompletionSource Question() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task JudgeAsync(AppHealthOptions settings, bool healthy, CancellationToken cancellationToken)
    {
        _failures = healthy ? 0 : Math.Min(_failures + 1, int.MaxValue - 1);
        if (healthy && !_healthy)
        {
            Log.Healthy(_log);
            await BecomeAsync(true, cancellationToken).ConfigureAwait(false);
        }
        else if (!healthy && _healthy && _failures >= settings.Threshold)
        {
            Log.Unhealthy(_log, _failures);
            await BecomeAsync(false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BecomeAsync(bool healthy, CancellationToken cancellationToken)
    {
        _healthy = healthy;
        _everHealthy |= healthy;
        if (Changed is { } changed)
        {
            await changed(healthy, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> AskAsync(AppHealthOptions settings, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = client.Request(HttpMethod.Get, settings.Path);
            return (await client.SendAtOnceAsync(request, either.Token).ConfigureAwait(false)).Succeeded;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
