namespace Dapr.Client;

/// <summary>What is to be stored under one of several keys.</summary>
public readonly struct SaveStateItem<TValue>
{
    /// <summary>With what to store.</summary>
    public SaveStateItem(
        string key, TValue value, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Key = key;
        Value = value;
        ETag = etag;
        StateOptions = stateOptions;
        Metadata = metadata;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value.</summary>
    public TValue Value { get; }

    /// <summary>The version that must be there; null or empty: any.</summary>
    public string ETag { get; }

    /// <summary>How it is written.</summary>
    public StateOptions? StateOptions { get; }

    /// <summary>Such as ttlInSeconds.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; }
}
