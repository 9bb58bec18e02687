namespace Dapr.Client;

/// <summary>What is stored under one of several keys.</summary>
public readonly struct BulkStateItem<TValue>
{
    /// <summary>With what was found.</summary>
    public BulkStateItem(string key, TValue value, string etag)
    {
        Key = key;
        Value = value;
        ETag = etag;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value; the default where nothing is stored.</summary>
    public TValue Value { get; }

    /// <summary>Its version; empty where nothing is stored.</summary>
    public string ETag { get; }
}
