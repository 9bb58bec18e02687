using Dapr;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Subscribes endpoints to topics.</summary>
public static class DaprEndpointConventionBuilderExtensions
{
    /// <summary>Subscribes the endpoint.</summary>
    public static T WithTopic<T>(this T builder, string pubsubName, string name)
        where T : IEndpointConventionBuilder => WithTopic(builder, pubsubName, name, false);

    /// <summary>Subscribes the endpoint, with metadata.</summary>
    public static T WithTopic<T>(this T builder, string pubsubName, string name, IDictionary<string, string> metadata)
        where T : IEndpointConventionBuilder => WithTopic(builder, pubsubName, name, false, metadata);

    /// <summary>Subscribes the endpoint, with or without the envelope.</summary>
    public static T WithTopic<T>(this T builder, string pubsubName, string name, bool enableRawPayload)
        where T : IEndpointConventionBuilder => WithTopic(builder, pubsubName, name, enableRawPayload, null!);

    /// <summary>Subscribes the endpoint, with or without the envelope, with metadata.</summary>
    public static T WithTopic<T>(this T builder, string pubsubName, string name, bool enableRawPayload, IDictionary<string, string> metadata)
        where T : IEndpointConventionBuilder =>
        WithTopic(builder, new TopicOptions { PubsubName = pubsubName, Name = name, EnableRawPayload = enableRawPayload, Metadata = metadata });

    /// <summary>Subscribes the endpoint.</summary>
    public static T WithTopic<T>(this T builder, TopicOptions topicOptions)
        where T : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(topicOptions);
        foreach (var (name, value) in topicOptions.Metadata ?? new Dictionary<string, string>())
        {
            builder.WithMetadata(new TopicMetadataAttribute(name, value));
        }

        return builder.WithMetadata(new TopicAttribute(topicOptions.PubsubName, topicOptions.Name, topicOptions.DeadLetterTopic, topicOptions.EnableRawPayload)
        {
            Match = topicOptions.Match,
            Priority = topicOptions.Priority,
            OwnedMetadatas = topicOptions.OwnedMetadatas,
            MetadataSeparator = topicOptions.MetadataSeparator,
        });
    }
}
