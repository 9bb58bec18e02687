using System.Text.Json;

namespace Dapr.Client;

/// <summary>Makes a <see cref="DaprClient"/>.</summary>
public sealed class DaprClientBuilder
{
    private JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private string _endpoint = DaprDefaults.GetDefaultHttpEndpoint();
    private string _token = DaprDefaults.GetDefaultDaprApiToken(null);
    private TimeSpan _timeout;

    /// <summary>Where the sidecar is; by default what the environment says.</summary>
    public DaprClientBuilder UseHttpEndpoint(string httpEndpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(httpEndpoint);
        _endpoint = httpEndpoint;
        return this;
    }

    /// <summary>How data are written and read.</summary>
    public DaprClientBuilder UseJsonSerializationOptions(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _json = options;
        return this;
    }

    /// <summary>What is shown to the sidecar as dapr-api-token.</summary>
    public DaprClientBuilder UseDaprApiToken(string apiToken)
    {
        _token = apiToken;
        return this;
    }

    /// <summary>How long a call may take.</summary>
    public DaprClientBuilder UseTimeout(TimeSpan timeout)
    {
        _timeout = timeout;
        return this;
    }

    /// <summary>The client; it holds connections, so one is enough.</summary>
    public DaprClient Build()
    {
        if (!Uri.TryCreate(_endpoint, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new InvalidOperationException("The HTTP endpoint must use http or https.");
        }

        // A sidecar that was started again is found at once, and nobody's proxy stands between an app and its sidecar.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = address,
            Timeout = _timeout > TimeSpan.Zero ? _timeout : Timeout.InfiniteTimeSpan,
        };
        if (!string.IsNullOrEmpty(_token))
        {
            http.DefaultRequestHeaders.Add("dapr-api-token", _token);
        }

        return new DaprHttpClient(http, _json, TimeProvider.System);
    }
}
