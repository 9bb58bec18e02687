using System.Globalization;
using System.Net;
using HmsMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Internal;

/// <summary>Where sidecars of other processes call this one's app: a port of its own, on loopback unless told otherwise.</summary>
internal sealed class InternalServer : IDisposable
{
    // Beside what the first sidecar takes in: what it adds.
    private const int AddedHeaders = 8 << 10;
    private const int MostHeaders = 300;
    private readonly SidecarServer _server;
    private readonly SidecarOptions _options;

    public InternalServer(SidecarRuntime runtime)
    {
        _options = runtime.Options;
        _server = new(runtime, AddedHeaders, MostHeaders, options =>
        {
            // The first sidecar asks this of whoever calls it; a stream may pause between two that know each other.
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.Listen(Address(_options), _options.InternalPort);
        });
    }

    /// <summary>Host and port, as others are to reach it.</summary>
    public string Reached { get; private set; } = "";

    public async Task StartAsync(IHttpApplication<DefaultHttpContext> calls, CancellationToken cancellationToken)
    {
        var place = $"for other sidecars on {Address(_options)}:{_options.InternalPort.ToString(CultureInfo.InvariantCulture)}";
        var bound = new Uri(await _server.StartAsync(calls, place, "--dapr-internal-grpc-port", cancellationToken).ConfigureAwait(false));
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
