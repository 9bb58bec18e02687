using System.Net.Sockets;
using HmsMesh.Broker.Consumers;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>The writer's socket: takes in other processes, knows which of them live, and holds deliveries back until those that lived under
/// the writer before are attached again.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private readonly LogBroker _log;
    private readonly Lock _gate = new();
    private readonly HashSet<ClientConnection> _connections = [];
    private readonly Returns _returns;
    private readonly Orphans _orphans;
    private readonly SocketPath _path;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ITimer _ticks;
    private Task _accepting = Task.CompletedTask;
    private volatile bool _closing;

    public SocketServer(LogBroker log, string folder, IReadOnlyCollection<string> living, ILogger logger)
    {
        (_log, Folder, Logger) = (log, folder, logger);
        _path = new SocketPath(folder);
        _orphans = new Orphans(folder, Time);
        _ticks = Time.CreateTimer(static state => ((SocketServer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _returns = new Returns(folder, living, log.Core, Time);
    }

    public string Folder { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public bool Closing => _closing;

    /// <summary>Listens. What is there of a writer before is taken away: its lock is ours.</summary>
    public void Start()
    {
        File.Delete(_path.File);
        _listener.Bind(_path.Address);
        BrokerFolder.Own(_path.File);
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    /// <summary>This process's own subscriptions are attached.</summary>
    public void OwnReturned() => _returns.Returned("");

    public void Joined(ClientConnection client)
    {
        lock (_gate)
        {
            _ticks.Change(TickEvery, TickEvery);
        }
    }

    /// <summary>It has attached what it had.</summary>
    public void Returned(ClientConnection client)
    {
        _orphans.Close(client.Client);
        _returns.Returned(client.Client);
    }

    public void Left(ClientConnection client, RemoteDelivery[] deliveries)
    {
        lock (_gate)
        {
            _connections.Remove(client);
        }

        if (_closing)
        {
            foreach (var one in deliveries)
            {
                one.GiveBack();
            }
        }
        else if (deliveries.Length > 0)
        {
            _orphans.Keep(client.Client, deliveries);
        }
    }

    public RemoteDelivery? TakeOrphan(string client, long id) => _orphans.Take(client, id);

    /// <summary>Takes in nobody and reads nothing more; what is answered still goes out. Nothing is given out from here on.</summary>
    public async Task<IAsyncDisposable> StopAsync()
    {
        _log.Core.Hold();
        _closing = true;
        await _ticks.DisposeAsync().ConfigureAwait(false);
        _returns.Dispose();
        ClientConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        // Closing it deletes the socket's file, which must be before the lock is free.
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var one in connections)
        {
            one.End();
        }

        _orphans.GiveBackAll();
        return new Farewell(connections);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closing)
        {
            await (await StopAsync().ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        _path.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing)
        {
            try
            {
                var socket = await _listener.AcceptAsync().ConfigureAwait(false);
                var client = new ClientConnection(this, _log, socket);
                lock (_gate)
                {
                    if (_closing)
                    {
                        socket.Dispose();
                        return;
                    }

                    _connections.Add(client);
                }

                _ = client.RunAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_closing)
                {
                    return;
                }

                // No descriptors left, or one that hung up: others must not suffer for it.
                BrokerLog.AcceptFailed(Logger, e, Folder);
                await Task.Delay(TimeSpan.FromMilliseconds(100), Time).ConfigureAwait(false);
            }
        }
    }

    private void Tick()
    {
        ClientConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
            if (connections.Length == 0 && !_closing)
            {
                _ticks.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var one in connections)
        {
            one.Tick();
        }
    }

    private sealed class Farewell(ClientConnection[] connections) : IAsyncDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

        public async ValueTask DisposeAsync() => await Task.WhenAll(connections.Select(static one => one.CloseAsync(Limit))).ConfigureAwait(false);
    }
}
