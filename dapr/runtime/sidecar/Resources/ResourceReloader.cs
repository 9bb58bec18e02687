using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Takes changed resource files while the sidecar runs. It looks at them twice a second, and takes a change that stood still from
/// one look to the next, so that none is read half-written. (A watcher of the system would hold a thread for each folder of each sidecar.)</summary>
internal sealed class ResourceReloader(
    SidecarRuntime runtime,
    ResourceLoader loader,
    ComponentOpener opener,
    IReadOnlyList<ISidecarFeature> features,
    int stamp,
    ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private Task _looking = Task.CompletedTask;
    private int _taken = stamp;
    private int _seen = stamp;

    public void Start() => _looking = LookAsync(runtime.Stopping);

    /// <summary>Waits for a change that is being taken; the sidecar's stop has been said before.</summary>
    public Task StopAsync() => _looking;

    private async Task LookAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, runtime.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                var now = ResourceStamp.Of(runtime.Options.ResourcesPaths);
                var stoodStill = now == _seen;
                _seen = now;
                if (stoodStill && now != _taken)
                {
                    _taken = now;
                    await TakeAsync(stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The sidecar stops.
        }
    }

    private async Task TakeAsync(CancellationToken stopping)
    {
        try
        {
            var before = runtime.Resources;
            await ApplyAsync(ResourceDifference.Between(before, loader.Load(), runtime.Components), stopping).ConfigureAwait(false);
        }
        catch (SidecarException refused)
        {
            Log.ReloadRefused(log, refused.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.ReloadFailed(log, failure);
        }
    }

    private async Task ApplyAsync(ResourceChanges changes, CancellationToken stopping)
    {
        var closing = new List<LoadedComponent>();
        var failed = new List<string>();
        foreach (var component in changes.ComponentsAdded.OrderBy(static component => component.Type.StartsWith("secretstores.", StringComparison.Ordinal) ? 0 : 1))
        {
            try
            {
                // Before the old one closes: where the new one can't open, the old one goes on.
                if (await opener.OpenAsync(component, stopping).ConfigureAwait(false) is { } replaced)
                {
                    closing.Add(replaced);
                }
            }
            catch (SidecarException failure)
            {
                failed.Add(component.Name);
                Log.ReloadRefused(log, failure.Message);
            }
        }

        foreach (var component in changes.ComponentsRemoved.Where(removed => changes.After.Components.All(component => component.Name != removed.Name)))
        {
            if (runtime.Components.TryRemove(component.Name, out var loaded))
            {
                closing.Add(loaded);
            }
        }

        runtime.Resources = changes.After;
        foreach (var feature in features)
        {
            await feature.ResourcesChangedAsync(changes, stopping).ConfigureAwait(false);
        }

        foreach (var component in closing)
        {
            await component.Instance.DisposeAsync().ConfigureAwait(false);
        }

        Log.Reloaded(log, changes.ComponentsAdded.Count - failed.Count, closing.Count, changes.SubscriptionsAdded.Count + changes.SubscriptionsRemoved.Count);
    }
}
