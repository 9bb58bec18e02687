using System.Net;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>State over the sidecar's HTTP API.</summary>
internal sealed partial class DaprHttpClient
{
    public override async Task<TValue> GetStateAsync<TValue>(
        string storeName,
        string key,
        ConsistencyMode? consistencyMode = default,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default) =>
        (await GetStateAndETagAsync<TValue>(storeName, key, consistencyMode, metadata, cancellationToken).ConfigureAwait(false)).value;

    public override async Task<(TValue value, string etag)> GetStateAndETagAsync<TValue>(
        string storeName,
        string key,
        ConsistencyMode? consistencyMode = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        var options = consistencyMode is null ? null : new StateOptions { Consistency = consistencyMode };
        using var request = new HttpRequestMessage(HttpMethod.Get, KeyPath(storeName, key, options, metadata));
        using var response = await SendAsync(request, "State get", cancellationToken).ConfigureAwait(false);
        var etag = response.Headers.NonValidated.TryGetValues("ETag", out var found) ? found.ToString() : "";
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return (body.Length == 0 ? default! : Read<TValue>(body, "State get"), etag);
    }

    public override async Task<IReadOnlyList<BulkStateItem>> GetBulkStateAsync(
        string storeName,
        IReadOnlyList<string> keys,
        int? parallelism,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        var items = await ReadBulkAsync(storeName, keys, parallelism, metadata, cancellationToken).ConfigureAwait(false);
        return [.. items.Select(static item => new BulkStateItem(item.Key, item.Value is { } value ? value.GetRawText() : "", item.ETag))];
    }

    public override async Task<IReadOnlyList<BulkStateItem<TValue>>> GetBulkStateAsync<TValue>(
        string storeName,
        IReadOnlyList<string> keys,
        int? parallelism,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        var items = await ReadBulkAsync(storeName, keys, parallelism, metadata, cancellationToken).ConfigureAwait(false);
        try
        {
            return [.. items.Select(item => new BulkStateItem<TValue>(item.Key, item.Value is { } value ? value.Deserialize<TValue>(json)! : default!, item.ETag))];
        }
        catch (JsonException e)
        {
            throw new DaprException("Bulk state get operation failed: a value is not of the type asked for.", e);
        }
    }

    public override async Task SaveStateAsync<TValue>(
        string storeName,
        string key,
        TValue value,
        StateOptions? stateOptions = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default) =>
        _ = await SaveAsync(storeName, [Item(key, Value(value), null, stateOptions, metadata)], allowConflict: false, cancellationToken).ConfigureAwait(false);

    public override async Task SaveBulkStateAsync<TValue>(
        string storeName, IReadOnlyList<SaveStateItem<TValue>> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var body = items.Select(item => Item(item.Key, Value(item.Value), item.ETag, item.StateOptions, item.Metadata)).ToList();
        _ = await SaveAsync(storeName, body, allowConflict: false, cancellationToken).ConfigureAwait(false);
    }

    public override Task<bool> TrySaveStateAsync<TValue>(
        string storeName,
        string key,
        TValue value,
        string etag,
        StateOptions? stateOptions = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return SaveAsync(storeName, [Item(key, Value(value), etag, stateOptions, metadata)], allowConflict: true, cancellationToken);
    }

    public override async Task ExecuteStateTransactionAsync(
        string storeName,
        IReadOnlyList<StateTransactionRequest> operations,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentNullException.ThrowIfNull(operations);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["operations"] = operations.Select(static operation => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["operation"] = operation.OperationType == StateOperationType.Delete ? "delete" : "upsert",
                ["request"] = Item(operation.Key, Json(operation.Value, nameof(operations)), operation.ETag, operation.Options, operation.Metadata),
            }).ToList(),
            ["metadata"] = metadata,
        };
        using var request = Post($"{StorePath(storeName)}/transaction", body);
        using var response = await SendAsync(request, "State transaction", cancellationToken).ConfigureAwait(false);
    }

    public override async Task DeleteStateAsync(
        string storeName,
        string key,
        StateOptions? stateOptions = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default) =>
        _ = await DeleteAsync(storeName, key, null, stateOptions, metadata, allowConflict: false, cancellationToken).ConfigureAwait(false);

    public override async Task DeleteBulkStateAsync(string storeName, IReadOnlyList<BulkDeleteStateItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items)
        {
            _ = await DeleteAsync(storeName, item.Key, item.ETag, item.StateOptions, item.Metadata, allowConflict: false, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<bool> TryDeleteStateAsync(
        string storeName,
        string key,
        string etag,
        StateOptions? stateOptions = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return DeleteAsync(storeName, key, etag, stateOptions, metadata, allowConflict: true, cancellationToken);
    }

    private static string StorePath(string storeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        return $"/v1.0/state/{Uri.EscapeDataString(storeName)}";
    }

    private static string KeyPath(string storeName, string key, StateOptions? options, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var query = Query(metadata);
        foreach (var (name, value) in Options(options) ?? [])
        {
            query += $"{(query.Length == 0 ? '?' : '&')}{name}={value}";
        }

        return $"{StorePath(storeName)}/{Uri.EscapeDataString(key)}{query}";
    }

    private static Dictionary<string, string>? Options(StateOptions? options)
    {
        if (options is null)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.Concurrency is { } concurrency)
        {
            texts["concurrency"] = concurrency == ConcurrencyMode.FirstWrite ? "first-write" : "last-write";
        }

        if (options.Consistency is { } consistency)
        {
            texts["consistency"] = consistency == ConsistencyMode.Strong ? "strong" : "eventual";
        }

        return texts;
    }

    private static Dictionary<string, object?> Item(
        string key, JsonElement? value, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var item = new Dictionary<string, object?>(StringComparer.Ordinal) { ["key"] = key };
        foreach (var (name, part) in new (string, object?)[] { ("value", value), ("etag", etag), ("options", Options(options)), ("metadata", metadata) })
        {
            if (part is not null)
            {
                item[name] = part;
            }
        }

        return item;
    }

    /// <summary>The HTTP API carries JSON alone.</summary>
    private static JsonElement? Json(byte[]? value, string parameter)
    {
        try
        {
            return value is null ? null : JsonElement.Parse(value);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The value of an operation must be JSON.", parameter, e);
        }
    }

    private JsonElement Value<TValue>(TValue value) => JsonSerializer.SerializeToElement(value, json);

    private static HttpRequestMessage Post(string path, object body) =>
        new(HttpMethod.Post, path) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } } };

    private T Read<T>(byte[] body, string operation)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, json)!;
        }
        catch (JsonException e)
        {
            throw new DaprException($"{operation} operation failed: the value is not of the type asked for.", e);
        }
    }

    private async Task<bool> SaveAsync(string storeName, List<Dictionary<string, object?>> items, bool allowConflict, CancellationToken cancellationToken)
    {
        using var request = Post(StorePath(storeName), items);
        using var response = await SendAsync(request, "Save state", allowConflict ? HttpStatusCode.Conflict : null, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }

    private async Task<bool> DeleteAsync(
        string storeName,
        string key,
        string? etag,
        StateOptions? options,
        IReadOnlyDictionary<string, string>? metadata,
        bool allowConflict,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, KeyPath(storeName, key, options, metadata));
        if (!string.IsNullOrEmpty(etag))
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        using var response = await SendAsync(request, "Delete state", allowConflict ? HttpStatusCode.Conflict : null, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }

    private async Task<List<(string Key, JsonElement? Value, string ETag)>> ReadBulkAsync(
        string storeName, IReadOnlyList<string> keys, int? parallelism, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
        {
            throw new ArgumentException("There must be a key.", nameof(keys));
        }

        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["keys"] = keys, ["parallelism"] = parallelism ?? 0 };
        using var request = Post($"{StorePath(storeName)}/bulk{Query(metadata)}", body);
        using var response = await SendAsync(request, "Bulk state get", cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var items = answer.Length == 0 ? default : Read<JsonElement>(answer, "Bulk state get");
        return items.ValueKind != JsonValueKind.Array
            ? []
            : [.. items.EnumerateArray().Select(static item => (Text(item, "key"), item.TryGetProperty("data", out var data) ? data : (JsonElement?)null, Text(item, "etag")))];
    }
}
