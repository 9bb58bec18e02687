using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Dapr;

/// <summary>The app's subscriptions, in the form that the sidecar reads: one a topic, its endpoints as rules.</summary>
internal static partial class SubscriptionList
{
    public static string Of(IEnumerable<RouteEndpoint> routes, bool raw, ILogger log)
    {
        var entries = routes
            .SelectMany(r => r.Metadata.GetOrderedMetadata<ITopicMetadata>().Where(t => t.Name is not null).Select(t => new Entry(r, t)))
            .DistinctBy(e => (e.Topic.PubsubName, e.Topic.Name, e.Path, e.Topic.Match, e.Topic.Priority))
            .GroupBy(e => (e.Topic.PubsubName, e.Topic.Name))
            .OrderBy(g => g.Key.PubsubName, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Name, StringComparer.Ordinal);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var topic in entries)
            {
                Write(writer, [.. topic.OrderBy(e => e.Topic.Priority)], raw, log);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, List<Entry> entries, bool raw, ILogger log)
    {
        var topic = entries[0].Topic;
        writer.WriteStartObject();
        writer.WriteString("topic", topic.Name);
        writer.WriteString("pubsubName", topic.PubsubName);
        WriteRoutes(writer, entries, log);
        WriteMetadata(writer, Metadata(entries, raw || entries.Exists(e => (e.Topic as IRawTopicMetadata)?.EnableRawPayload == true)));
        if (entries.Select(e => (e.Topic as IDeadLetterTopicMetadata)?.DeadLetterTopic).FirstOrDefault(d => d is not null) is { } deadLetterTopic)
        {
            writer.WriteString("deadLetterTopic", deadLetterTopic);
        }

        writer.WriteEndObject();
    }

    private static void WriteRoutes(Utf8JsonWriter writer, List<Entry> entries, ILogger log)
    {
        var topic = entries[0].Topic;
        var rules = entries.Where(e => !string.IsNullOrEmpty(e.Topic.Match)).ToList();
        var defaults = entries.Where(e => string.IsNullOrEmpty(e.Topic.Match)).Select(e => e.Path).ToList();
        if (defaults.Count > 1)
        {
            TwoDefaults(log, topic.Name, topic.PubsubName);
        }

        if (rules.DistinctBy(r => r.Topic.Priority).Count() < rules.Count)
        {
            SamePriority(log, topic.Name, topic.PubsubName);
        }

        if (rules.Count == 0)
        {
            writer.WriteString("route", defaults[0]);
            return;
        }

        writer.WriteStartObject("routes");
        writer.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("match", rule.Topic.Match);
            writer.WriteString("path", rule.Path);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (defaults.Count > 0)
        {
            writer.WriteString("default", defaults[0]);
        }

        writer.WriteEndObject();
    }

    private static SortedDictionary<string, string> Metadata(List<Entry> entries, bool raw)
    {
        var separator = entries.Select(e => (e.Topic as IOwnedOriginalTopicMetadata)?.MetadataSeparator).FirstOrDefault(s => !string.IsNullOrEmpty(s)) ?? ",";
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var values in entries.SelectMany(e => e.Owned).GroupBy(m => m.Name, m => m.Value, StringComparer.Ordinal))
        {
            result[values.Key] = string.Join(separator, values.Distinct(StringComparer.Ordinal));
        }

        if (raw)
        {
            result["rawPayload"] = "true";
        }

        return result;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, SortedDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("metadata");
        foreach (var (name, value) in metadata)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    [LoggerMessage(1, LogLevel.Error, "Two endpoints are the default of topic {Topic} of {Pubsub}; the first one gets its events.")]
    private static partial void TwoDefaults(ILogger logger, string topic, string pubsub);

    [LoggerMessage(2, LogLevel.Error, "Two rules of topic {Topic} of {Pubsub} have the same priority; their order is not certain.")]
    private static partial void SamePriority(ILogger logger, string topic, string pubsub);

    private sealed class Entry(RouteEndpoint route, ITopicMetadata topic)
    {
        public ITopicMetadata Topic { get; } = topic;

        // Only a path of fixed parts can be told to the sidecar.
        public string Path { get; } = string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(Part))));

        public IEnumerable<IOriginalTopicMetadata> Owned => route.Metadata.GetOrderedMetadata<IOriginalTopicMetadata>()
            .Where(m => string.IsNullOrEmpty(m.Id) || (Topic as IOwnedOriginalTopicMetadata)?.OwnedMetadatas?.Contains(m.Id, StringComparer.Ordinal) == true);

        private static string Part(RoutePatternPart part) => part is RoutePatternLiteralPart literal
            ? literal.Content
            : throw new InvalidOperationException("A route that hears a topic has no parameters.");
    }
}
