using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace HmsMesh.Sidecar.AppChannel;

/// <summary>The way to the app: HTTP/1.1 over loopback, no redirects, cookies or proxies, connections kept.</summary>
internal sealed class AppClient : IDisposable
{
    private const string AlreadyHandled = "mesh-handled";
    public const string TokenHeader = "dapr-api-token";
    private const int MaxIdleMinutes = 2;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim? _slots;
    private readonly string? _token;

    public AppClient(SidecarOptions options)
    {
        Options = options;
        Base = new UriBuilder(options.AppProtocol is "https" ? "https" : "http", options.AppChannelAddress, options.AppPort ?? 0).Uri;
        _token = options.AppToken;
        _slots = options.AppMaxConcurrency > 0 ? new(options.AppMaxConcurrency) : null;
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(MaxIdleMinutes),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxResponseHeadersLength = 64,
            ConnectCallback = ConnectAsync,
            SslOptions = options.AppProtocol is "https" ? AnyCertificate() : new(),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        });
    }

    public SidecarOptions Options { get; }

    public Uri Base { get; }

    /// <summary>Whether there is an app at all.</summary>
    public bool Exists => Options.AppPort is not null;

    /// <summary>Where a path of the app is. It never leaves the app, whatever it holds.</summary>
    public Uri Address(string path) => new($"{Base.GetLeftPart(UriPartial.Authority)}/{path.TrimStart('/')}");

    public HttpRequestMessage Request(HttpMethod method, string path) => Request(method, Address(path));

    /// <summary>A request with the token that the app asks for.</summary>
    public HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address) { Version = HttpVersion.Version11 };
        Sign(request);
        return request;
    }

    /// <summary>Adds the token that the app asks for, in the protocol that it speaks.</summary>
    public void Sign(HttpRequestMessage request)
    {
        if (Options.AppProtocol is "h2c")
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation(TokenHeader, _token);
        }
    }

    /// <summary>Sends, and reads the answer whole (up to the size limit of bodies). Waits for a slot where --app-max-concurrency limits them.</summary>
    public async ValueTask<AppAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_slots is null)
        {
            return await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
        }

        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Waits a while for a slot, where --app-max-concurrency limits them; false where none came free. Whoever got one leaves it.</summary>
    public Task<bool> TryEnterAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        _slots is null ? Task.FromResult(true) : _slots.WaitAsync(wait, cancellationToken);

    /// <summary>Waits for a slot, where --app-max-concurrency limits them. Whoever got one leaves it.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _slots is null ? Task.CompletedTask : _slots.WaitAsync(cancellationToken);

    public void Leave() => _slots?.Release();

    /// <summary>Sends, for who has entered, and hands over the answer with its body still to come; whoever gets it disposes it.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _http.SendAsync(request, cancellationToken);

    /// <summary>Sends without a slot: for who has entered, and for health probes, as a busy app is not an unhealthy one.</summary>
    public ValueTask<AppAnswer> SendAtOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        ExchangeAsync(request, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _slots?.Dispose();
    }

    /// <summary>An https app on this machine has a certificate of its own that nobody signed; daprd takes any, too.</summary>
    private static SslClientAuthenticationOptions AnyCertificate()
    {
#pragma warning disable CA5359, S4830 // The address is the app's, given by the one who runs the sidecar; see above.
        return new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359, S4830
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<AppAnswer> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var length = response.Content.Headers.ContentLength;
        if (length == 0)
        {
            return new((int)response.StatusCode, ReadOnlyMemory<byte>.Empty) { Already = response.Headers.Contains(AlreadyHandled) };
        }

        if (length > Options.MaxBodySize)
        {
            throw new HttpRequestException("the app's answer is larger than --max-body-size");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var reading = stream.ConfigureAwait(false);
        return new((int)response.StatusCode, await AppAnswer.ReadAsync(stream, Options.MaxBodySize, cancellationToken).ConfigureAwait(false))
        {
            Already = response.Headers.Contains(AlreadyHandled),
        };
    }
}
