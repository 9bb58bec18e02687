using Dapr.Client;

namespace HmsMesh.Gateway.Forwarding;

/// <summary>The way to the services, through this service's sidecar. Its time limits are those of each request.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;

    public ServiceClient(DaprClient dapr)
    {
        _http = dapr.CreateInvokableHttpClient();
        _http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The answer as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    public void Dispose() => _http.Dispose();
}
