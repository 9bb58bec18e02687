using System.Globalization;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>What the metadata published with an event, or named by a subscription, asks for.</summary>
internal static class PublishMetadata
{
    public const string RawPayload = "rawPayload";
    private const string PartitionKey = "partitionKey";

    public static IReadOnlyDictionary<string, string> None { get; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>False with a problem where the value is no boolean.</summary>
    public static bool TryRaw(IReadOnlyDictionary<string, string> metadata, out bool raw, out string? problem)
    {
        raw = false;
        problem = null;
        if (!metadata.TryGetValue(RawPayload, out var text) || text.Length == 0 || GoBool.TryParse(text, out raw))
        {
            return true;
        }

        problem = $"{RawPayload} value must be a valid boolean: actual is '{text}'";
        return false;
    }

    /// <summary>How long the event lives: a duration, or whole seconds above zero. Anything else counts for nothing, as with daprd.</summary>
    public static TimeSpan? TimeToLive(IReadOnlyDictionary<string, string> metadata)
    {
        var text = Find(metadata, "ttl") ?? Find(metadata, "ttlInSeconds");
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (GoDuration.TryParse(text, out var duration))
        {
            return duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, (long)TimeSpan.FromDays(365 * 1000).TotalSeconds))
            : null;
    }

    public static string? Key(IReadOnlyDictionary<string, string> metadata) =>
        Find(metadata, PartitionKey) is { Length: > 0 } key ? key : null;

    /// <summary>The value of a name in any case.</summary>
    public static string? Find(IReadOnlyDictionary<string, string> metadata, string name)
    {
        if (metadata.Count == 0)
        {
            return null;
        }

        if (metadata.TryGetValue(name, out var exact))
        {
            return exact;
        }

        foreach (var (key, value) in metadata)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
