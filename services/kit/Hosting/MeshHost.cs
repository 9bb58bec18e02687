using System.Data.Common;
using System.Diagnostics;
using Dapr.Client;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>The service's life: the database first, then the relay, then the port; warm, then healthy.</summary>
internal sealed class MeshHost(
    MeshDefinition definition,
    MeshSettings settings,
    Database database,
    Relay relay,
    Arrivals arrivals,
    Rehearsal rehearsal,
    Readiness readiness,
    DaprClient dapr,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<MeshHost> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan SidecarLimit = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task? _stopped;
    private Task _warming = Task.CompletedTask;
    private int _migrations;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.AppToken is null)
        {
            log.NoToken();
        }

        _migrations = await MigrateAsync(cancellationToken).ConfigureAwait(false);
        relay.Start();
        lifetime.ApplicationStarted.Register(() =>
        {
            readiness.HasStarted = true;
            _warming = Task.Run(() => WarmAsync(_stopping.Token), CancellationToken.None);
        });
    }

    /// <summary>Stops once: in a test both the program and the test's host stop it, and both wait for the same stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _stopped ??= StopOnceAsync(cancellationToken);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Migrator.ApplyAsync(database, definition.Migrations, time, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            throw new MeshConfigurationException($"the database ({database.Name}) cannot be used: {e.GetBaseException().Message}");
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _warming.ConfigureAwait(false);
        await relay.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WarmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                TouchSidecarAsync(cancellationToken),
                rehearsal.RunAsync(Address(), definition.Hearings, arrivals, cancellationToken)).ConfigureAwait(false);
            readiness.Set();
            using var process = Process.GetCurrentProcess();
            var since = (long)(time.GetUtcNow() - new DateTimeOffset(process.StartTime)).TotalMilliseconds;
            log.Ready(settings.AppId, since, database.Name, _migrations, definition.Speech.Topics.Count, definition.Hearings.Count);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before it was warm.
        }
        catch (Exception e)
        {
            log.StartFailed(e);
            lifetime.StopApplication();
        }
    }

    // Nothing depends on an order: a sidecar that comes later is found by the relay. One that is there gets its connection opened now.
    private async Task TouchSidecarAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SidecarLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var there = false;
        try
        {
            there = await dapr.CheckOutboundHealthAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It took too long: not there yet.
        }

        if (!there)
        {
            log.SidecarMissing(settings.DaprEndpoint);
        }
    }

    private Uri? Address() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a => a.StartsWith("http://", StringComparison.Ordinal)) is { } address
            ? new Uri(address.Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//+:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal))
            : null;
}
