using System.Net;
using HmsMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace HmsMesh.Sidecar.Api;

/// <summary>The Kestrel server of one sidecar, without a host around it: that halves the time to the first answer.</summary>
internal sealed class ApiServer : IDisposable
{
    // Go counts the request line and some slack on top of its limit for headers.
    private const int HeaderSlack = 4 << 10;
    private readonly KestrelServer _server;
    private readonly SidecarOptions _options;

    public ApiServer(SidecarRuntime runtime)
    {
        _options = runtime.Options;
        var options = new KestrelServerOptions { AddServerHeader = false, ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8 };
        Limit(options.Limits, _options);
        Listen(options);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), runtime.Services.Loggers);
        _server = new KestrelServer(Options.Create(options), transport, new QuietLoggerFactory(runtime.Services.Loggers, runtime.Options.AppId));
    }

    /// <summary>The port taken; 0 on a Unix socket.</summary>
    public int Port { get; private set; }

    public string Address { get; private set; } = "";

    public async Task StartAsync(ApiDispatcher dispatcher, CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(dispatcher, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or AddressInUseException or System.Net.Sockets.SocketException)
        {
            var place = _options.UnixDomainSocket is { } folder ? $"the socket in {folder}" : $"port {_options.HttpPort.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
            throw new SidecarException(
                $"Can't listen on {place}: {failure.Message} Free it, or name another by --dapr-http-port.", failure);
        }

        Address = _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Port = Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 0;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private static void Limit(KestrelServerLimits limits, SidecarOptions options)
    {
        limits.MaxRequestBodySize = options.MaxBodySize > 0 ? options.MaxBodySize : null;
        limits.MaxRequestLineSize = options.ReadBufferSize + HeaderSlack;
        limits.MaxRequestHeadersTotalSize = options.ReadBufferSize + HeaderSlack;
        limits.MaxRequestBufferSize = Math.Max(1 << 20, limits.MaxRequestLineSize);
        limits.MaxRequestHeaderCount = 256;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxConcurrentConnections = 10_000;
    }

    private void Listen(KestrelServerOptions options)
    {
        if (_options.UnixDomainSocket is { } folder)
        {
            var path = Path.GetFullPath(Path.Combine(folder, $"dapr-{_options.AppId}-http.socket"));
            File.Delete(path);
            options.ListenUnixSocket(path, static listen => listen.Protocols = HttpProtocols.Http1);
            return;
        }

        var addresses = _options.ListenAddresses.Select(Parse).Distinct().ToArray();
        var port = _options.HttpPort == 0 && addresses.Length > 1 ? FreePort(addresses[0]) : _options.HttpPort;
        foreach (var address in addresses)
        {
            options.Listen(address, port, static listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private static IPAddress Parse(string address) => address switch
    {
        "localhost" => IPAddress.Loopback,
        "" => IPAddress.Any,
        _ when IPAddress.TryParse(address.Trim('[', ']'), out var parsed) => parsed,
        _ => throw new SidecarException($"--dapr-listen-addresses holds '{address}', which is no IP address."),
    };

    private static int FreePort(IPAddress address)
    {
        using var probe = new System.Net.Sockets.TcpListener(address, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
