using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.PubSub.Publishing;

namespace HmsMesh.Sidecar.State;

/// <summary>One item of a save or of a transaction, as it was sent.</summary>
/// <param name="Key">Without the prefix.</param>
/// <param name="Value">JSON.</param>
internal sealed record StateRequest(string Key, ReadOnlyMemory<byte> Value, string? ETag, string? Concurrency, string? Consistency, string? TimeToLive)
{
    private const string Ttl = "ttlInSeconds";
    private static readonly byte[] JsonNull = "null"u8.ToArray();

    /// <summary>Reads an item. What isn't of the form goes to <paramref name="problem"/>.</summary>
    /// <param name="metadata">The query's, which counts more than the item's own.</param>
    public static StateRequest? Read(JsonElement item, IReadOnlyDictionary<string, string> metadata, out string? problem)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            problem = "an item must be an object with key and value";
            return null;
        }

        var options = Find(item, "options");
        if (!TryText(Find(item, "key"), out var key) || !TryText(Find(item, "etag"), out var etag)
            || !TryText(Find(options, "concurrency"), out var concurrency) || !TryText(Find(options, "consistency"), out var consistency)
            || !TryText(Find(Find(item, "metadata"), Ttl), out var ttl))
        {
            problem = "key, etag, options and metadata must hold texts";
            return null;
        }

        if (string.IsNullOrEmpty(key))
        {
            problem = "\"key\" is a required field";
            return null;
        }

        problem = null;
        var value = Find(item, "value") is { } found ? Bytes(found) : JsonNull;
        return new StateRequest(key, value, etag, concurrency, consistency, metadata.GetValueOrDefault(Ttl) ?? ttl);
    }

    /// <summary>The change that it asks for; null with why it can't be made.</summary>
    public StateChange? Change(string prefix, bool delete, out string? problem)
    {
        problem = CheckOptions(Concurrency, Consistency);
        if (problem is not null)
        {
            return null;
        }

        TimeSpan? ttl = null;
        if (!delete && !string.IsNullOrEmpty(TimeToLive))
        {
            if (!int.TryParse(TimeToLive, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            {
                problem = $"error parsing TTL: incorrect value for metadata 'ttlInSeconds': '{TimeToLive}' is no whole number";
                return null;
            }

            ttl = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        }

        return new StateChange(prefix + Key, delete ? default(ReadOnlyMemory<byte>?) : Value, string.IsNullOrEmpty(ETag) ? null : ETag, Concurrency == "first-write", ttl);
    }

    /// <summary>What is wrong with the options; null: nothing.</summary>
    public static string? CheckOptions(string? concurrency, string? consistency)
    {
        if (concurrency is not (null or "" or "first-write" or "last-write"))
        {
            return $"unrecognized concurrency model '{concurrency}'";
        }

        return consistency is null or "" or "strong" or "eventual" ? null : $"unrecognized consistency model '{consistency}'";
    }

    /// <summary>A property, whatever the case of its name, as Go finds it.</summary>
    public static JsonElement? Find(JsonElement? parent, string name)
    {
        if (parent is not { ValueKind: JsonValueKind.Object } map)
        {
            return null;
        }

        if (map.TryGetProperty(name, out var exact))
        {
            return exact;
        }

        foreach (var property in map.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }

    /// <summary>The JSON of a value, however deep.</summary>
    public static byte[] Bytes(JsonElement value)
    {
        var buffer = JsonBuffer.Take();
        value.WriteTo(buffer.Writer);
        return buffer.Copy();
    }

    private static bool TryText(JsonElement? element, out string? text)
    {
        text = element is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
        return element is null or { ValueKind: JsonValueKind.String or JsonValueKind.Null };
    }
}
