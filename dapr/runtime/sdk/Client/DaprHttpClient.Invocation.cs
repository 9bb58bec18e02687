using System.Net.Http.Json;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>Calls of other apps over the sidecar's HTTP API.</summary>
internal sealed partial class DaprHttpClient
{
    private const string TokenHeader = "dapr-api-token";
    private static readonly HttpRequestOptionsKey<(string AppId, string MethodName)> CalledKey = new("dapr-invocation");

    private Uri Endpoint => http.BaseAddress!;

    public override HttpClient CreateInvokableHttpClient(string? appId = null) => CreateInvokeHttpClient(
        appId,
        Endpoint.OriginalString,
        http.DefaultRequestHeaders.TryGetValues(TokenHeader, out var tokens) ? tokens.First() : "");

    public override HttpRequestMessage CreateInvokeMethodRequest(HttpMethod httpMethod, string appId, string methodName) =>
        CreateInvokeMethodRequest(httpMethod, appId, methodName, []);

    public override HttpRequestMessage CreateInvokeMethodRequest(
        HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters)
    {
        ArgumentNullException.ThrowIfNull(httpMethod);
        ArgumentException.ThrowIfNullOrEmpty(appId);
        ArgumentNullException.ThrowIfNull(methodName);
        ArgumentNullException.ThrowIfNull(queryStringParameters);

        // The method may hold a query, and is otherwise as its author escaped it.
        var path = $"/v1.0/invoke/{Uri.EscapeDataString(appId)}/method/{methodName.TrimStart('/')}";
        var query = string.Join('&', queryStringParameters.Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var request = new HttpRequestMessage(httpMethod, new Uri(Endpoint, query.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}"));
        request.Options.Set(CalledKey, (appId, methodName));
        return request;
    }

    public override HttpRequestMessage CreateInvokeMethodRequest<TRequest>(
        HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters, TRequest data)
    {
        var request = CreateInvokeMethodRequest(httpMethod, appId, methodName, queryStringParameters);
        request.Content = JsonContent.Create(data, options: json);
        return request;
    }

    public override async Task<HttpResponseMessage> InvokeMethodWithResponseAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (appId, methodName) = Called(request);
        if (request.RequestUri is not { } address || (address.IsAbsoluteUri && !Endpoint.IsBaseOf(address)))
        {
            throw new InvalidOperationException("The request goes past the sidecar: make it by CreateInvokeMethodRequest, or use an HttpClient of its own.");
        }

        try
        {
            return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw new InvocationException(appId, methodName, failure, null!);
        }
    }

    public override async Task InvokeMethodAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        using var response = await SuccessAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public override async Task<TResponse> InvokeMethodAsync<TResponse>(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        var response = await SuccessAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            // "null" is an answer too.
            var answer = await response.Content.ReadFromJsonAsync<TResponse>(json, cancellationToken).ConfigureAwait(false);
            response.Dispose();
            return answer!;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or NotSupportedException)
        {
            var (appId, methodName) = Called(request);
            throw new InvocationException(appId, methodName, failure, response);
        }
    }

    private static (string AppId, string MethodName) Called(HttpRequestMessage request) =>
        request.Options.TryGetValue(CalledKey, out var called) ? called : ("", request.RequestUri?.OriginalString ?? "");

    private async Task<HttpResponseMessage> SuccessAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await InvokeMethodWithResponseAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException failure)
        {
            var (appId, methodName) = Called(request);
            throw new InvocationException(appId, methodName, failure, response);
        }
    }
}
