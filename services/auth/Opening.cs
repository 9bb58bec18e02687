using System.Net;
using HmsMesh.Auth.Accounts;
using HmsMesh.Auth.Keys;
using HmsMesh.Auth.Secrets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HmsMesh.Auth;

/// <summary>Once the service listens: it sees that it does so on loopback alone, and makes its key and its accounts as soon as their secrets can
/// be had, so that the first who signs in does not wait for that.</summary>
internal sealed class Opening(
    IServer server, IHostApplicationLifetime lifetime, KeyRing keys, AccountBook book, AccountStore accounts, TimeProvider time, ILogger<Opening> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a => !IsLoopback(a)) is { } open)
        {
            log.NotLoopback(open);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }

        while (!await TryAsync(stoppingToken))
            await Task.Delay(Pause, time, stoppingToken);
    }

    private static bool IsLoopback(string address)
    {
        var binding = BindingAddress.Parse(address);
        return string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.AllAsync(cancellationToken);
            foreach (var name in book.Names)
                await accounts.SubjectAsync(book.Find(name)!, cancellationToken);
            return true;
        }
        catch (SecretUnavailableException)
        {
            return false;
        }
    }
}
