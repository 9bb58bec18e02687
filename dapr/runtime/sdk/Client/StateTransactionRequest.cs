namespace Dapr.Client;

/// <summary>An operation of a transaction.</summary>
public sealed class StateTransactionRequest
{
#pragma warning disable CA1051, S1104 // The official class has a field here.
    /// <summary>How it is written.</summary>
    public StateOptions? Options;
#pragma warning restore CA1051, S1104

    /// <summary>With its key, the JSON of its value, and what to do.</summary>
    public StateTransactionRequest(
        string key,
        byte[]? value,
        StateOperationType operationType,
        string? etag = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        StateOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Key = key;
        Value = value;
        OperationType = operationType;
        ETag = etag;
        Metadata = metadata;
        Options = options;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The JSON of the value.</summary>
    public byte[]? Value { get; set; }

    /// <summary>What to do.</summary>
    public StateOperationType? OperationType { get; set; }

    /// <summary>The version that must be there.</summary>
    public string? ETag { get; set; }

    /// <summary>Such as ttlInSeconds.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; set; }
}
