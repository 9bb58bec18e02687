using System.Globalization;
using System.Net;
using HmsMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HmsMesh.Sidecar.Api;

/// <summary>Where a sidecar's app calls its API.</summary>
internal sealed class ApiServer : IDisposable
{
    // Go counts the request line and some slack on top of its limit for headers.
    private const int HeaderSlack = 4 << 10;
    private const int MostHeaders = 256;
    private readonly SidecarServer _server;
    private readonly SidecarOptions _options;

    public ApiServer(SidecarRuntime runtime)
    {
        _options = runtime.Options;
        _server = new(runtime, HeaderSlack, MostHeaders, Listen);
    }

    /// <summary>The port taken; 0 on a Unix socket.</summary>
    public int Port { get; private set; }

    public string Address { get; private set; } = "";

    public async Task StartAsync(ApiDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var place = _options.UnixDomainSocket is { } folder ? $"on the socket in {folder}" : $"on port {_options.HttpPort.ToString(CultureInfo.InvariantCulture)}";
        Address = await _server.StartAsync(dispatcher, place, "--dapr-http-port", cancellationToken).ConfigureAwait(false);
        Port = Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 0;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private void Listen(KestrelServerOptions options)
    {
        if (_options.UnixDomainSocket is { } folder)
        {
            var path = Path.GetFullPath(Path.Combine(folder, $"dapr-{_options.AppId}-http.socket"));
            File.Delete(path);
            options.ListenUnixSocket(path);
            return;
        }

        var addresses = _options.ListenAddresses.Select(Parse).Distinct().ToArray();
        var port = _options.HttpPort == 0 && addresses.Length > 1 ? FreePort(addresses[0]) : _options.HttpPort;
        foreach (var address in addresses)
        {
            options.Listen(address, port);
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
