namespace Dapr.Client;

/// <summary>Calls of other apps.</summary>
public abstract partial class DaprClient
{
    /// <summary>An <see cref="HttpClient"/> whose requests go to the app that is their host, through the sidecar: <c>http://claims/status</c>.</summary>
    /// <param name="appId">The app of relative addresses.</param>
    /// <param name="daprEndpoint">Where the sidecar is; by default what the environment says.</param>
    /// <param name="daprApiToken">What is shown to the sidecar; by default what the environment says.</param>
    public static HttpClient CreateInvokeHttpClient(string? appId = null, string? daprEndpoint = null, string? daprApiToken = null)
    {
        var handler = new InvocationHandler
        {
            InnerHandler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
            DaprApiToken = daprApiToken ?? DaprDefaults.GetDefaultDaprApiToken(null),
            DefaultAppId = appId,
        };
        if (daprEndpoint is not null)
        {
            handler.DaprEndpoint = daprEndpoint;
        }

        var client = new HttpClient(handler);
        if (appId is not null)
        {
            client.BaseAddress = Uri.TryCreate($"http://{appId}", UriKind.Absolute, out var address)
                ? address
                : throw new ArgumentException("The app id can't be the host of an address.", nameof(appId));
        }

        return client;
    }

    /// <summary>As <see cref="CreateInvokeHttpClient"/>, by this client's sidecar and token.</summary>
    public abstract HttpClient CreateInvokableHttpClient(string? appId = null);

    /// <summary>A request for a POST to an app.</summary>
    public HttpRequestMessage CreateInvokeMethodRequest(string appId, string methodName) => CreateInvokeMethodRequest(HttpMethod.Post, appId, methodName);

    /// <summary>A request for a POST to an app, with a query.</summary>
    public HttpRequestMessage CreateInvokeMethodRequest(
        string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters) =>
        CreateInvokeMethodRequest(HttpMethod.Post, appId, methodName, queryStringParameters);

    /// <summary>A request for a POST of data to an app.</summary>
    public HttpRequestMessage CreateInvokeMethodRequest<TRequest>(string appId, string methodName, TRequest data) =>
        CreateInvokeMethodRequest(HttpMethod.Post, appId, methodName, [], data);

    /// <summary>A request to an app.</summary>
    public abstract HttpRequestMessage CreateInvokeMethodRequest(HttpMethod httpMethod, string appId, string methodName);

    /// <summary>A request to an app, with a query.</summary>
    public abstract HttpRequestMessage CreateInvokeMethodRequest(
        HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters);

    /// <summary>A request of data to an app, with a query.</summary>
    public abstract HttpRequestMessage CreateInvokeMethodRequest<TRequest>(
        HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters, TRequest data);

    /// <summary>Calls, and hands over the answer whatever its status. Throws <see cref="InvocationException"/> where the sidecar wasn't reached.</summary>
    public abstract Task<HttpResponseMessage> InvokeMethodWithResponseAsync(HttpRequestMessage request, CancellationToken cancellationToken = default);

    /// <summary>Calls. Throws <see cref="InvocationException"/> where the answer is no success.</summary>
    public abstract Task InvokeMethodAsync(HttpRequestMessage request, CancellationToken cancellationToken = default);

    /// <summary>Calls and reads the answer's JSON. Throws <see cref="InvocationException"/> where it is no success, or no such JSON.</summary>
    public abstract Task<TResponse> InvokeMethodAsync<TResponse>(HttpRequestMessage request, CancellationToken cancellationToken = default);

    /// <summary>POST without data.</summary>
    public Task InvokeMethodAsync(string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync(CreateInvokeMethodRequest(appId, methodName), cancellationToken);

    /// <summary>A call without data.</summary>
    public Task InvokeMethodAsync(HttpMethod httpMethod, string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync(CreateInvokeMethodRequest(httpMethod, appId, methodName), cancellationToken);

    /// <summary>POST of data.</summary>
    public Task InvokeMethodAsync<TRequest>(string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync(CreateInvokeMethodRequest(appId, methodName, data), cancellationToken);

    /// <summary>A call with data.</summary>
    public Task InvokeMethodAsync<TRequest>(
        HttpMethod httpMethod, string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync(CreateInvokeMethodRequest(httpMethod, appId, methodName, [], data), cancellationToken);

    /// <summary>POST without data; the answer's JSON.</summary>
    public Task<TResponse> InvokeMethodAsync<TResponse>(string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync<TResponse>(CreateInvokeMethodRequest(appId, methodName), cancellationToken);

    /// <summary>A call without data; the answer's JSON.</summary>
    public Task<TResponse> InvokeMethodAsync<TResponse>(
        HttpMethod httpMethod, string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync<TResponse>(CreateInvokeMethodRequest(httpMethod, appId, methodName), cancellationToken);

    /// <summary>POST of data; the answer's JSON.</summary>
    public Task<TResponse> InvokeMethodAsync<TRequest, TResponse>(
        string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync<TResponse>(CreateInvokeMethodRequest(appId, methodName, data), cancellationToken);

    /// <summary>A call with data; the answer's JSON.</summary>
    public Task<TResponse> InvokeMethodAsync<TRequest, TResponse>(
        HttpMethod httpMethod, string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeMethodAsync<TResponse>(CreateInvokeMethodRequest(httpMethod, appId, methodName, [], data), cancellationToken);
}
