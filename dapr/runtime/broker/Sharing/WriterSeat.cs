using System.Net.Sockets;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Server;
using HmsMesh.Broker.Sharing.Wire;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Sharing;

/// <summary>This process as the one that writes: the folder's lock, its log, and the socket at which the others are heard.</summary>
internal sealed class WriterSeat : IAsyncDisposable
{
    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(1);
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly ProcessLock _lock;
    private readonly List<string> _living;
    private readonly CancellationTokenSource _leaving = new();
    private Task<SocketServer?> _listening = Task.FromResult<SocketServer?>(null);
    private Task<SocketServer?> _server = Task.FromResult<SocketServer?>(null);

    private WriterSeat(string folder, ILogger logger, ProcessLock taken, LogBroker log, List<string> living)
    {
        (_folder, _logger, _lock, Log, _living) = (folder, logger, taken, log, living);
    }

    public LogBroker Log { get; }

    /// <summary>Opens the log under a lock that was taken, which is free again where that fails. What others had under way is
    /// held back for them, and what this process had where it <paramref name="returns"/>.</summary>
    public static WriterSeat Open(BrokerOptions options, string folder, string client, bool returns, ProcessLock taken, ILogger logger)
    {
        try
        {
            taken.Note($"shares {Protocol.Version}");

            // Who lives is asked first: nothing may fail once the log is open.
            var living = Living(folder, client);
            var seat = new WriterSeat(folder, logger, taken, LogBroker.Open(options, folder, logger), living);
            if (living.Count > 0 || returns)
            {
                seat.Log.Core.Hold();
            }

            return seat;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Lets the others in.</summary>
    public void Listen()
    {
        _listening = Task.Run(() => Listen(_living), CancellationToken.None);
        _server = KeepListeningAsync();
    }

    /// <summary>This process's own subscriptions are attached.</summary>
    public Task OwnReturnedAsync() => ReleaseAsync(_listening);

    /// <summary>What waits for the disk is written and answered; then another process may go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await Log.EndSubscriptionsAsync().ConfigureAwait(false);
        await _leaving.CancelAsync().ConfigureAwait(false);
        var server = await _server.ConfigureAwait(false);
        var farewell = server is null ? null : await server.StopAsync().ConfigureAwait(false);
        await Log.DisposeAsync().ConfigureAwait(false);
        if (server is not null)
        {
            await farewell!.DisposeAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _leaving.Dispose();
        _lock.Dispose();
    }

    /// <summary>The other processes that live and had the writer before this one; what dead ones left is taken away.</summary>
    private static List<string> Living(string folder, string client)
    {
        var clients = BrokerFolder.Clients(folder);
        return !Directory.Exists(clients) ? []
            : [.. Directory.EnumerateFiles(clients).Where(path => Path.GetFileName(path) != client && !ProcessLock.TryRemove(path)).Select(static path => Path.GetFileName(path))];
    }

    private async Task ReleaseAsync(Task<SocketServer?> listening)
    {
        if (await listening.ConfigureAwait(false) is { } server)
        {
            server.OwnReturned();
        }
        else
        {
            Log.Core.Release();
        }
    }

    /// <summary>Where there was no descriptor or no room for the socket, there may be later. Nothing waits for others by then.</summary>
    private async Task<SocketServer?> KeepListeningAsync()
    {
        var server = await _listening.ConfigureAwait(false);
        try
        {
            while (server is null)
            {
                await Task.Delay(ListenAgain, TimeProvider.System, _leaving.Token).ConfigureAwait(false);
                server = Listen([]);
                await ReleaseAsync(Task.FromResult(server)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Nobody has joined, so nobody is left behind.
        }

        return server;
    }

    private SocketServer? Listen(IReadOnlyCollection<string> living)
    {
        SocketServer? server = null;
        try
        {
            server = new SocketServer(Log, _folder, living, _logger);
            server.Start();
            return server;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            BrokerLog.ListenFailed(_logger, e, _folder);
            _ = server?.DisposeAsync().AsTask();
            return null;
        }
    }
}
