namespace HmsMesh.Cli.Generate.Model;

/// <summary>All services, in the order of their names, and how the mesh delivers.</summary>
internal sealed record MeshModel(string Root, IReadOnlyList<ServiceModel> Services, DeliverySettings Delivery)
{
    /// <summary>Every topic that is said, sorted.</summary>
    public IReadOnlyList<string> Topics { get; } =
        [.. Services.SelectMany(s => s.Says).Select(s => s.Topic).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Every dead letter topic, sorted.</summary>
    public IReadOnlyList<string> DeadLetterTopics =>
        [.. Services.Where(s => s.Hears.Count > 0).Select(s => s.DeadLetterTopic).Order(StringComparer.Ordinal)];

    /// <summary>The topics that a service hears, patterns written out, sorted.</summary>
    public IReadOnlyList<string> HeardBy(ServiceModel service) =>
        [.. service.Hears.SelectMany(WrittenOut).Distinct().Order(StringComparer.Ordinal)];

    public IEnumerable<string> WrittenOut(Heard heard) =>
        (TopicName.IsDeadLetter(heard.Pattern) ? DeadLetterTopics : Topics).Where(topic => TopicName.Matches(heard.Pattern, topic));
}
