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
    private readonly TaskCompletionSource _ownReturned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<SocketServer?> _listening = Task.FromResult<SocketServer?>(null);
    private Task<SocketServer?> _server = Task.FromResult<SocketServer?>(null);
    private SocketServer? _stopped;
    private IAsyncDisposable? _farewell;

    private WriterSeat(string folder, ILogger logger, ProcessLock taken, LogBroker log, List<string> living)
    {
        (_folder, _logger, _lock, Log, _living) = (folder, logger, taken, log, living);
    }

    public LogBroker Log { get; }

    /// <summary>Opens the log under a lock that was taken, which is free again where that fails. What others had under way is
    /// held back for them, and what this process had where it <paramref name="returns"/>.</summary>
    public static async Task<WriterSeat> OpenAsync(BrokerOptions options, string folder, string client, bool returns, ProcessLock taken, ILogger logger)
    {
        LogBroker? log = null;
        try
        {
            taken.Note($"shares {Protocol.Version}");
            var living = Living(folder, client);
            log = LogBroker.Open(options, folder, logger);
            if (living.Count > 0 || returns)
            {
                log.Core.Hold();
            }

            return new WriterSeat(folder, logger, taken, log, living);
        }
        catch
        {
            // While the log is open, nobody else may have the lock.
            if (log is not null)
            {
                await log.DisposeAsync().ConfigureAwait(false);
            }

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
    public async Task OwnReturnedAsync()
    {
        _ownReturned.TrySetResult();
        SocketServer? server = null;
        try
        {
            server = await _listening.ConfigureAwait(false);
            server?.OwnReturned();
        }
        finally
        {
            if (server is null)
            {
                // There is nobody to wait for.
                Log.Core.Release();
            }
        }
    }

    /// <summary>What waits for the disk is written and answered; then another process may go on. The lock is free once the log is
    /// closed, whatever else fails, and not before.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Log.EndSubscriptionsAsync().ConfigureAwait(false);
        }
        finally
        {
            try
            {
                await StopListeningAsync().ConfigureAwait(false);
            }
            finally
            {
                await Log.DisposeAsync().ConfigureAwait(false);
                await LeaveAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The other processes that live and had the writer before this one; what dead ones left is taken away.</summary>
    private static List<string> Living(string folder, string client)
    {
        var living = new List<string>();
        var clients = BrokerFolder.Clients(folder);
        if (!Directory.Exists(clients))
        {
            return living;
        }

        foreach (var path in Directory.EnumerateFiles(clients))
        {
            var name = Path.GetFileName(path);
            if (name != client && !ProcessLock.TryRemove(path))
            {
                living.Add(name);
            }
        }

        return living;
    }

    private async Task StopListeningAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        _stopped = await _server.ConfigureAwait(false);
        _farewell = _stopped is null ? null : await _stopped.StopAsync().ConfigureAwait(false);
    }

    private async Task LeaveAsync()
    {
        try
        {
            if (_farewell is not null)
            {
                await _farewell.DisposeAsync().ConfigureAwait(false);
            }

            if (_stopped is not null)
            {
                await _stopped.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _leaving.Dispose();
            _lock.Dispose();
        }
    }

    /// <summary>Where there was no descriptor or no room for the socket, there may be later. Nothing waits for others by then, but for
    /// this process's own subscriptions.</summary>
    private async Task<SocketServer?> KeepListeningAsync()
    {
        if (await _listening.ConfigureAwait(false) is { } at)
        {
            return at;
        }

        SocketServer? server = null;
        try
        {
            while (server is null)
            {
                await Task.Delay(ListenAgain, TimeProvider.System, _leaving.Token).ConfigureAwait(false);
                server = Listen([]);
            }

            await _ownReturned.Task.WaitAsync(_leaving.Token).ConfigureAwait(false);
            server.OwnReturned();
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Nobody is given anything any more.
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
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            BrokerLog.ListenFailed(_logger, e, _folder);
            _ = server?.DisposeAsync().AsTask();
            return null;
        }
    }
}
