using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation.Endpoints;

/// <summary>An address outside the mesh, with headers of its own. Redirects are followed, as daprd does.</summary>
internal sealed class HttpEndpoint : ICallee, IDisposable
{
    private const int MostRedirects = 10;
    private readonly HttpMessageInvoker _http;
    private readonly string _root;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;

    /// <param name="root">The base URL.</param>
    /// <param name="authority">Whose signature counts; null: those that the system trusts.</param>
    /// <param name="certificate">Shown to the other side.</param>
    public HttpEndpoint(
        string root, IReadOnlyList<KeyValuePair<string, string>> headers, X509Certificate2Collection? authority = null, X509Certificate2? certificate = null)
    {
        _root = root;
        _headers = headers;
        var tls = new SslClientAuthenticationOptions();
        if (authority is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authority);
        }

        if (certificate is not null)
        {
            tls.ClientCertificates = [certificate];
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            MaxResponseHeadersLength = 64,
            SslOptions = tls,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        });
    }

    public async ValueTask<CallOutcome> CallAsync(CallRequest request, CancellationToken cancellationToken)
    {
        HttpRequestMessage? message = null;
        try
        {
            message = request.Make(_root.EndsWith('/') ? _root[..^1] : _root);
            foreach (var (name, value) in _headers)
            {
                message.Headers.Remove(name);
                message.Headers.TryAddWithoutValidation(name, value);
            }

            var redirects = 0;
            while (true)
            {
                var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
                AnswerForm.Check(response);
                if (redirects++ == MostRedirects || Redirected(message, response) is not { } next)
                {
                    return CallOutcome.Of(message, response);
                }

                response.Dispose();
                message.Dispose();
                message = next;
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UriFormatException or NotSupportedException)
        {
            message?.Dispose();
            return CallOutcome.Of(request.Body.Failure is { } own ? CallFault.OfBody(own) : CallFault.Of(failure, $"{_root}{request.Path}"));
        }
        catch
        {
            message?.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The request that a redirect asks for; null where there is none, or none that can be made: a body isn't sent twice, and what
    /// began encrypted goes on so.</summary>
    private HttpRequestMessage? Redirected(HttpRequestMessage request, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var keeps = (int)response.StatusCode is 307 or 308 || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        if (keeps && request.Content is not null)
        {
            return null;
        }

        var target = location.IsAbsoluteUri ? location : new Uri(request.RequestUri!, location);
        if (target.Scheme != Uri.UriSchemeHttps && (target.Scheme != Uri.UriSchemeHttp || request.RequestUri!.Scheme != Uri.UriSchemeHttp))
        {
            return null;
        }

        var next = new HttpRequestMessage(keeps ? request.Method : HttpMethod.Get, target) { Version = HttpVersion.Version11 };
        var sameHost = target.Host == request.RequestUri!.Host && target.Port == request.RequestUri.Port;
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (sameHost || !IsForTheHostOnly(name))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return next;
    }

    /// <summary>Credentials, the resource's own headers (which may be secrets) among them.</summary>
    private bool IsForTheHostOnly(string name) =>
        name.Equals("authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("cookie", StringComparison.OrdinalIgnoreCase)
        || _headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
}
