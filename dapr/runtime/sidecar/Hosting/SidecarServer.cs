using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>A Kestrel server on one of a sidecar's ports, with the limits of all of them and without a host around it: that halves the
/// time to the first answer.</summary>
internal sealed class SidecarServer : IDisposable
{
    private readonly KestrelServer _server;

    /// <param name="headerSlack">What the headers may have beside --http-read-buffer-size.</param>
    /// <param name="mostHeaders">How many there may be.</param>
    /// <param name="listen">Says where, and what else is particular to the port.</param>
    public SidecarServer(SidecarRuntime runtime, int headerSlack, int mostHeaders, Action<KestrelServerOptions> listen)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8 };
        var limits = options.Limits;
        limits.MaxRequestBodySize = runtime.Options.MaxBodySize > 0 ? runtime.Options.MaxBodySize : null;
        limits.MaxRequestLineSize = runtime.Options.ReadBufferSize + headerSlack;
        limits.MaxRequestHeadersTotalSize = runtime.Options.ReadBufferSize + headerSlack;
        limits.MaxRequestBufferSize = Math.Max(1 << 20, limits.MaxRequestLineSize);
        limits.MaxRequestHeaderCount = mostHeaders;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxConcurrentConnections = 10_000;
        options.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        listen(options);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), runtime.Services.Loggers);
        _server = new KestrelServer(Options.Create(options), transport, new QuietLoggerFactory(runtime.Services.Loggers, runtime.Options.AppId));
    }

    /// <summary>Listens; the first address it took. Throws <see cref="SidecarException"/>.</summary>
    /// <param name="what">What can't be done where it can't, for the message.</param>
    /// <param name="flag">By which another place is named.</param>
    public async Task<string> StartAsync<TContext>(IHttpApplication<TContext> application, string what, string flag, CancellationToken cancellationToken)
        where TContext : notnull
    {
        try
        {
            await _server.StartAsync(application, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or AddressInUseException or System.Net.Sockets.SocketException)
        {
            throw new SidecarException($"Can't listen {what}: {failure.Message} Free it, or name another by {flag}.", failure);
        }

        return _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();
}
