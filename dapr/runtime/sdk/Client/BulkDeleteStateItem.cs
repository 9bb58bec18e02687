namespace Dapr.Client;

/// <summary>What is to be deleted, one of several.</summary>
public readonly struct BulkDeleteStateItem
{
    /// <summary>With what to delete.</summary>
    public BulkDeleteStateItem(string key, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Key = key;
        ETag = etag;
        StateOptions = stateOptions;
        Metadata = metadata;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The version that must be there; null or empty: any.</summary>
    public string ETag { get; }

    /// <summary>How it is written.</summary>
    public StateOptions? StateOptions { get; }

    /// <summary>For the store.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; }
}
