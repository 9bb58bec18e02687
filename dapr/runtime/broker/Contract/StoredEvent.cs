namespace HmsMesh.Broker;

/// <summary>An event as the log holds it.</summary>
public sealed record StoredEvent
{
    /// <summary>Dense over all topics of the folder.</summary>
    public required long Offset { get; init; }

    /// <summary>Where the log has it, so that another process can read it there.</summary>
    internal Log.RecordPlace Place { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string PubSub { get; init; }

    public required string Topic { get; init; }

    public required ReadOnlyMemory<byte> Data { get; init; }

    public string? ContentType { get; init; }

    public string? Key { get; init; }

    public string? Source { get; init; }

    public string? Id { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public string? Publisher { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Set where this is a dead letter.</summary>
    public DeadLetter? DeadLetter { get; init; }
}
