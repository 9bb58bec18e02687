using System.Threading.Channels;
using HmsMesh.Journey.Options;
using HmsMesh.Kit;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Journey.Stream;

/// <summary>Reads the options when they changed, once for all open streams, and hands them the new snapshot.</summary>
internal sealed class OptionFeed(
    IWorkshop workshop, StreamOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<OptionFeed> logger) : BackgroundService
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Snapshot _current = new([]);

    /// <summary>Something has changed; called after the commit.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task<Snapshot> CurrentAsync(CancellationToken ct)
    {
        await _first.Task.WaitAsync(ct);
        return _current;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            while (true)
            {
                await RefreshAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>The tables are there once the host has started.</summary>
    private async Task StartedAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }

    private async Task RefreshAsync(CancellationToken ct)
    {
        try
        {
            var fresh = new Snapshot(await workshop.OptionsAsync(ct));
            var old = _current;
            if (_first.Task.IsCompleted && fresh.Version == old.Version)
                return;
            _current = fresh;
            _first.TrySetResult();
            old.Replace();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Pages keep what they show; the next wake or heartbeat reads again.
            Log.FeedFailed(logger, e);
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var woken = _wake.Reader.WaitToReadAsync(wait.Token).AsTask();
        await Task.WhenAny(woken, Task.Delay(options.Heartbeat, time, wait.Token));
        await wait.CancelAsync();
        ct.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }
}
