using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Kit.Tests;

/// <summary>Stands between a service and its database, and cuts the connection on which a transaction is being committed: before the
/// database has the word, or before its answer comes back.</summary>
internal sealed class CutWire : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly int _target;
    private readonly Task _accepting;
    private int _cuts;
    private int _passedOn;

    public CutWire(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The next commit was cut.</summary>
    public bool HasCut => Volatile.Read(ref _cuts) == 0;

    /// <summary>Cuts the next commit.</summary>
    public void CutNext(bool passedOn)
    {
        Volatile.Write(ref _passedOn, passedOn ? 1 : 0);
        Volatile.Write(ref _cuts, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_over.Token);
                _ = RunAsync(client);
            }
        }
        catch (Exception) when (_over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private async Task RunAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _over.Token);
                var mute = new CancellationTokenSource();
                await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream(), mute), DownAsync(server.GetStream(), client.GetStream(), mute.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // A connection ends as it ends.
            }
        }
    }

    private async Task UpAsync(NetworkStream client, NetworkStream server, CancellationTokenSource mute)
    {
        var buffer = new byte[65536];
        while (await client.ReadAsync(buffer, _over.Token) is var read and > 0)
        {
            var cuts = buffer.AsSpan(0, read).IndexOf(Commit) >= 0 && Interlocked.Exchange(ref _cuts, 0) > 0;
            if (cuts)
            {
                await mute.CancelAsync();
            }

            if (!cuts || Volatile.Read(ref _passedOn) == 1)
            {
                await server.WriteAsync(buffer.AsMemory(0, read), _over.Token);
            }

            if (cuts)
            {
                // Long enough for the database to have done it.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _over.Token);
                return;
            }
        }
    }

    private async Task DownAsync(NetworkStream server, NetworkStream client, CancellationToken mute)
    {
        var buffer = new byte[65536];
        while (await server.ReadAsync(buffer, _over.Token) is var read and > 0)
        {
            if (!mute.IsCancellationRequested)
            {
                await client.WriteAsync(buffer.AsMemory(0, read), _over.Token);
            }
        }
    }
}
