using System.Net;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace HmsMesh.Sidecar.Invocation.Internal;

/// <summary>Where sidecars of other processes call this one's app: a port of its own, on loopback unless told otherwise.</summary>
internal sealed class InternalServer : IDisposable
{
    // Beside what the first sidecar takes in: what it adds.
    private const int AddedHeaders = 8 << 10;
    private readonly KestrelServer _server;
    private readonly SidecarOptions _options;

    public InternalServer(SidecarRuntime runtime)
    {
        _options = runtime.Options;
        var options = new KestrelServerOptions { AddServerHeader = false, ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8 };
        var limits = options.Limits;
        limits.MaxRequestBodySize = _options.MaxBodySize > 0 ? _options.MaxBodySize : null;
        limits.MaxRequestLineSize = _options.ReadBufferSize + AddedHeaders;
        limits.MaxRequestHeadersTotalSize = _options.ReadBufferSize + AddedHeaders;
        limits.MaxRequestBufferSize = Math.Max(1 << 20, limits.MaxRequestLineSize);
        limits.MaxRequestHeaderCount = 300;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxConcurrentConnections = 10_000;

        // The first sidecar asks this of whoever calls it; a stream may pause between two that know each other.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        options.Listen(Address(_options), _options.InternalPort, static listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), runtime.Services.Loggers);
        _server = new KestrelServer(Options.Create(options), transport, new QuietLoggerFactory(runtime.Services.Loggers, _options.AppId));
    }

    /// <summary>Host and port, as others are to reach it.</summary>
    public string Reached { get; private set; } = "";

    public async Task StartAsync(IHttpApplication<DefaultHttpContext> calls, CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(calls, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or AddressInUseException or System.Net.Sockets.SocketException)
        {
            throw new SidecarException(
                $"Can't listen for other sidecars on {Address(_options)}:{_options.InternalPort.ToString(System.Globalization.CultureInfo.InvariantCulture)}: {failure.Message} "
                + "Free it, or name another by --dapr-internal-grpc-port.", failure);
        }

        var bound = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var address = Address(_options);
        var host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Request.HostAddress.Of(_options.Environment).Address : address.ToString();
        Reached = new IPEndPoint(IPAddress.Parse(host), bound.Port).ToString();
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private static IPAddress Address(SidecarOptions options) => options.InternalListenAddress switch
    {
        "" or "localhost" => IPAddress.Loopback,
        var given when IPAddress.TryParse(given.Trim('[', ']'), out var parsed) => parsed,
        var given => throw new SidecarException($"--dapr-internal-grpc-listen-address is '{given}', which is no IP address."),
    };
}
