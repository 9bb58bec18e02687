using System.Text.Json;

namespace Dapr.Client;

/// <summary>An app's way to its sidecar. The part of the official client that the mesh's services use, with its signatures.</summary>
public abstract partial class DaprClient : IDisposable
{
    /// <summary>How data are written and read.</summary>
    public abstract JsonSerializerOptions JsonSerializerOptions { get; }

    /// <summary>Publishes an event with this data.</summary>
    public abstract Task PublishEventAsync<TData>(string pubsubName, string topicName, TData data, CancellationToken cancellationToken = default);

    /// <summary>Publishes an event with this data and metadata.</summary>
    public abstract Task PublishEventAsync<TData>(
        string pubsubName, string topicName, TData data, Dictionary<string, string> metadata, CancellationToken cancellationToken = default);

    /// <summary>Publishes an event without data.</summary>
    public abstract Task PublishEventAsync(string pubsubName, string topicName, CancellationToken cancellationToken = default);

    /// <summary>Publishes an event without data, with metadata.</summary>
    public abstract Task PublishEventAsync(string pubsubName, string topicName, Dictionary<string, string> metadata, CancellationToken cancellationToken = default);

    /// <summary>Publishes bytes as they are, such as a whole CloudEvent.</summary>
    public abstract Task PublishByteEventAsync(
        string pubsubName,
        string topicName,
        ReadOnlyMemory<byte> data,
        string dataContentType = Constants.ContentTypeApplicationJson,
        Dictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads a secret: its values by name.</summary>
    public abstract Task<Dictionary<string, string>> GetSecretAsync(
        string storeName, string key, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all secrets that the app may see.</summary>
    public abstract Task<Dictionary<string, Dictionary<string, string>>> GetBulkSecretAsync(
        string storeName, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default);

    /// <summary>Whether the sidecar is healthy; false where it is not there.</summary>
    public abstract Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the sidecar's components are ready; doesn't wait for the app itself.</summary>
    public abstract Task<bool> CheckOutboundHealthAsync(CancellationToken cancellationToken = default);

    /// <summary>Completes when the sidecar's components are ready.</summary>
    public abstract Task WaitForSidecarAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks the sidecar to end.</summary>
    public abstract Task ShutdownSidecarAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the client holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
