namespace Dapr;

/// <summary>Metadata of a subscription.</summary>
public interface IOriginalTopicMetadata
{
    /// <summary>Which topics own it; none for all.</summary>
    string Id { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its value.</summary>
    string Value { get; }
}
