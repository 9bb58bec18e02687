using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>The client over the sidecar's HTTP API.</summary>
internal sealed partial class DaprHttpClient(HttpClient http, JsonSerializerOptions json, TimeProvider time) : DaprClient
{
    // A health answer or an error is small; anything else is not a sidecar.
    private const int LargestError = 16 * 1024;
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(100);
    private static readonly Encoding Utf8 = new UTF8Encoding(false);

    public override JsonSerializerOptions JsonSerializerOptions => json;

    public override Task PublishEventAsync<TData>(string pubsubName, string topicName, TData data, CancellationToken cancellationToken = default) =>
        PublishAsync(pubsubName, topicName, Serialize(data), TypeOf(data), null, cancellationToken);

    public override Task PublishEventAsync<TData>(
        string pubsubName, string topicName, TData data, Dictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return PublishAsync(pubsubName, topicName, Serialize(data), TypeOf(data), metadata, cancellationToken);
    }

    public override Task PublishEventAsync(string pubsubName, string topicName, CancellationToken cancellationToken = default) =>
        PublishAsync(pubsubName, topicName, default, null, null, cancellationToken);

    public override Task PublishEventAsync(string pubsubName, string topicName, Dictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return PublishAsync(pubsubName, topicName, default, null, metadata, cancellationToken);
    }

    public override Task PublishByteEventAsync(
        string pubsubName,
        string topicName,
        ReadOnlyMemory<byte> data,
        string dataContentType = Constants.ContentTypeApplicationJson,
        Dictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default) => PublishAsync(pubsubName, topicName, data, dataContentType, metadata, cancellationToken);

    public override Task<Dictionary<string, string>> GetSecretAsync(
        string storeName, string key, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return GetAsync<Dictionary<string, string>>(
            $"/v1.0/secrets/{Uri.EscapeDataString(storeName)}/{Uri.EscapeDataString(key)}{Query(metadata)}", "Secret", cancellationToken);
    }

    public override Task<Dictionary<string, Dictionary<string, string>>> GetBulkSecretAsync(
        string storeName, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        return GetAsync<Dictionary<string, Dictionary<string, string>>>(
            $"/v1.0/secrets/{Uri.EscapeDataString(storeName)}/bulk{Query(metadata)}", "Bulk secret", cancellationToken);
    }

    public override Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default) => ProbeAsync("/v1.0/healthz", cancellationToken);

    public override Task<bool> CheckOutboundHealthAsync(CancellationToken cancellationToken = default) => ProbeAsync("/v1.0/healthz/outbound", cancellationToken);

    public override async Task WaitForSidecarAsync(CancellationToken cancellationToken = default)
    {
        while (!await CheckOutboundHealthAsync(cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(BetweenProbes, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task ShutdownSidecarAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.0/shutdown");
        using var response = await SendAsync(request, "Shutdown", cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            http.Dispose();
        }

        base.Dispose(disposing);
    }

    private byte[] Serialize<TData>(TData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return JsonSerializer.SerializeToUtf8Bytes(data, json);
    }

    // The app's own attributes make it a CloudEvent; the sidecar adds the rest.
    private static string TypeOf<TData>(TData data) => data is CloudEvent ? Constants.ContentTypeCloudEvent : Constants.ContentTypeApplicationJson;

    private async Task PublishAsync(
        string pubsubName, string topicName, ReadOnlyMemory<byte> data, string? contentType, Dictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pubsubName);
        ArgumentException.ThrowIfNullOrEmpty(topicName);
        var path = $"/v1.0/publish/{Uri.EscapeDataString(pubsubName)}/{Uri.EscapeDataString(topicName)}{Query(metadata)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(data) };
        if (contentType is not null)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await SendAsync(request, "Publish", cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> GetAsync<T>(string path, string operation, CancellationToken cancellationToken)
        where T : class, new()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, operation, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == System.Net.HttpStatusCode.NoContent)
        {
            return new T();
        }

        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync<T>(body, json, cancellationToken).ConfigureAwait(false) ?? new T();
        }
        catch (JsonException e)
        {
            throw new DaprException($"{operation} operation failed: the sidecar's answer is not understood.", e);
        }
    }

    private async Task<bool> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string operation, CancellationToken cancellationToken) =>
        SendAsync(request, operation, null, cancellationToken);

    /// <param name="answer">A status that is an answer and no failure.</param>
    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string operation, System.Net.HttpStatusCode? answer, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new DaprException($"{operation} operation failed: the sidecar was not reached.", e);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == answer)
        {
            return response;
        }

        using (response)
        {
            throw await FailureAsync(response, operation, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<DaprApiException> FailureAsync(HttpResponseMessage response, string operation, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[LargestError];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var (code, message) = ReadError(buffer.AsMemory(0, length));
        return new DaprApiException($"{operation} operation failed: the sidecar answered {status} {code} {message}".TrimEnd(), code, status >= 500);
    }

    private static (string Code, string Message) ReadError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? (Text(root, "errorCode"), Text(root, "message")) : ("", "");
        }
        catch (JsonException)
        {
            return ("", Utf8.GetString(body.Span[..Math.Min(body.Length, 200)]));
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Query(IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        if (metadata is null)
        {
            return "";
        }

        var query = string.Join('&', metadata.Select(m => $"metadata.{Uri.EscapeDataString(m.Key)}={Uri.EscapeDataString(m.Value)}"));
        return query.Length == 0 ? "" : "?" + query;
    }
}
