namespace Dapr;

/// <summary>An endpoint's topic.</summary>
public interface ITopicMetadata
{
    /// <summary>The topic.</summary>
    string Name { get; }

    /// <summary>The pub/sub component.</summary>
    string PubsubName { get; }

    /// <summary>The rule under which the event comes here; none for all that no rule matches.</summary>
    string Match { get; }

    /// <summary>The rule's place; lower comes first.</summary>
    int Priority { get; }
}
