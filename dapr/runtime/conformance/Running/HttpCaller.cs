using System.Net.Http.Headers;

namespace HmsMesh.Conformance.Running;

/// <summary>Calls as a plain client makes them: a connection each, no redirects, no headers of its own.</summary>
internal sealed class HttpCaller : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Throws <see cref="HttpRequestException"/> where there is no answer, and <see cref="TimeoutException"/> where it takes too long.</summary>
    public async Task<HttpReply> CallAsync(
        int port, string method, string path, IReadOnlyDictionary<string, string> headers, byte[]? body, TimeSpan within, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{port}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null || headers.Keys.Any(IsOfContent)) request.Content = new ByteArrayContent(body ?? []);
        foreach (var (name, value) in headers)
        {
            HttpHeaders target = IsOfContent(name) ? request.Content!.Headers : request.Headers;
            target.TryAddWithoutValidation(name, value);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            using var response = await _client.SendAsync(request, limit.Token).ConfigureAwait(false);
            var content = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            var all = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated);
            return new HttpReply((int)response.StatusCode, [.. all.Select(h => KeyValuePair.Create(h.Key, string.Join(", ", h.Value)))], content);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsOfContent(string name) => name.StartsWith("content-", StringComparison.OrdinalIgnoreCase);
}
