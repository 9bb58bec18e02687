namespace Dapr;

/// <summary>Which metadata belong to an endpoint's topic.</summary>
public interface IOwnedOriginalTopicMetadata
{
    /// <summary>The ids of the metadata.</summary>
    string[] OwnedMetadatas { get; }

    /// <summary>Stands between values of one name.</summary>
    string MetadataSeparator { get; }
}
