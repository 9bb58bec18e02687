namespace Dapr;

/// <summary>A subscription, for WithTopic.</summary>
public class TopicOptions
{
    /// <summary>The topic.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The pub/sub component.</summary>
    public string PubsubName { get; set; } = null!;

    /// <summary>Data without an envelope.</summary>
    public bool EnableRawPayload { get; set; }

    /// <summary>The rule under which the event comes here.</summary>
    public string Match { get; set; } = null!;

    /// <summary>The rule's place; lower comes first.</summary>
    public int Priority { get; set; }

    /// <summary>The ids of the metadata that belong to it.</summary>
    public string[] OwnedMetadatas { get; set; } = null!;

    /// <summary>Stands between values of one name.</summary>
    public string MetadataSeparator { get; set; } = null!;

    /// <summary>Where events go that could not be handled.</summary>
    public string DeadLetterTopic { get; set; } = null!;

    /// <summary>Metadata.</summary>
#pragma warning disable CA1051, S1104 // a field in the official type as well
    public IDictionary<string, string> Metadata = null!;
#pragma warning restore CA1051, S1104
}
