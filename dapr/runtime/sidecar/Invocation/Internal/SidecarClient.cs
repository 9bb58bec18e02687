using System.Net;
using System.Text;
using HmsMesh.Sidecar.Invocation.Names;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation.Internal;

/// <summary>The way to sidecars in other processes: HTTP/1.1 over connections that are kept.</summary>
internal sealed class SidecarClient(CallerHeaders caller, NamesToken token) : IDisposable
{
    public CallerHeaders Caller { get; } = caller;

    /// <summary>What the other side asks for.</summary>
    public NamesToken Token { get; } = token;

    public HttpMessageInvoker Http { get; } = new(Handler());

    public void Dispose() => Http.Dispose();

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 80,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    };
}
