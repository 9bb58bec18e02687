namespace Dapr.Client;

/// <summary>What is stored under one of several keys.</summary>
public readonly struct BulkStateItem
{
    /// <summary>With what was found.</summary>
    public BulkStateItem(string key, string value, string etag)
    {
        Key = key;
        Value = value;
        ETag = etag;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value, as JSON; the default where nothing is stored.</summary>
    public string Value { get; }

    /// <summary>Its version; empty where nothing is stored.</summary>
    public string ETag { get; }
}
