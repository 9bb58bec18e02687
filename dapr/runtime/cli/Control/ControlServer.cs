using HmsMesh.Cli.Data;
using HmsMesh.Cli.Supervision;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HmsMesh.Cli.Control;

/// <summary>The running mesh's side of the socket, which lies in a folder that its owner alone may enter. A bare Kestrel: a host
/// around it would cost more memory than all that it does.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Tells a problem of the mesh from an answer that a service gave.</summary>
    public const string ProblemHeader = "mesh-problem";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LargestBody = 4 << 20;
    private const int MostConnections = 200;
    private static readonly TimeSpan ToFinish = TimeSpan.FromMilliseconds(500);

    private readonly KestrelServer _server;
    private readonly Relay _relay;
    private readonly TimeProvider _time;

    private ControlServer(KestrelServer server, Relay relay, TimeProvider time) => (_server, _relay, _time) = (server, relay, time);

    public static async Task<ControlServer> StartAsync(DataFolder data, MeshHost host, TimeProvider time, CancellationToken cancellationToken)
    {
        // The data folder's lock is ours, so a socket that is there already is a dead mesh's.
        File.Delete(data.Socket);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.ListenUnixSocket(data.Socket, static listen => listen.Protocols = HttpProtocols.Http1);
        var loggers = NullLoggerFactory.Instance;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var relay = new Relay(time, data);
        var server = new ControlServer(new KestrelServer(Options.Create(options), transport, loggers), relay, time);
        await server._server.StartAsync(new ControlApplication(new ControlRoutes(host, relay)), cancellationToken);
        File.SetUnixFileMode(data.Socket, OwnerOnly);
        return server;
    }

    public Task WarmAsync(MeshHost host, CancellationToken cancellationToken) => _relay.WarmAsync(host, cancellationToken);

    /// <summary>Who follows logs or events is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(ToFinish, _time);
        await _server.StopAsync(limit.Token);
        _server.Dispose();
        _relay.Dispose();
    }
}
