namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Fields of the envelope that the publisher's cloudevent.* metadata replaces; null or empty: not replaced.</summary>
internal readonly record struct EnvelopeOverrides(
    string Id, string? Source, string Type, string Subject, string? TraceId, string? TraceParent, string? TraceState)
{
    private const string Prefix = "cloudevent.";

    public static EnvelopeOverrides Read(IReadOnlyDictionary<string, string> metadata)
    {
        var read = new EnvelopeOverrides("", null, "", "", null, null, null);
        if (metadata.Count == 0)
        {
            return read;
        }

        foreach (var (name, value) in metadata)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            read = name[Prefix.Length..].ToUpperInvariant() switch
            {
                "ID" => read with { Id = value },
                "SOURCE" => read with { Source = value },
                "TYPE" => read with { Type = value },
                "SUBJECT" => read with { Subject = value },
                "TRACEID" => read with { TraceId = value },
                "TRACEPARENT" when value.Length > 0 => read with { TraceParent = value },
                "TRACESTATE" => read with { TraceState = value },
                _ => read,
            };
        }

        return read;
    }
}
