using System.Text.Json;

namespace HmsMesh.Contracts;

/// <summary>A CloudEvents 1.0 envelope as the mesh sends it: structured JSON, data inline.</summary>
public sealed record CloudEvent
{
    /// <summary>The media type of a whole CloudEvent.</summary>
    public const string MediaType = "application/cloudevents+json";

    public required string Id { get; init; }

    /// <summary>The app id that said it.</summary>
    public required string Source { get; init; }

    public required string Type { get; init; }

    public string? Subject { get; init; }

    public DateTimeOffset? Time { get; init; }

    public string? DataContentType { get; init; }

    public string? Topic { get; init; }

    public string? PubsubName { get; init; }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    /// <summary>The id of the event that began the chain.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The id of the event that this one is a reaction to.</summary>
    public string? CausationId { get; init; }

    /// <summary>19 digits, greater with each event of a subject; compared as text.</summary>
    public string? Sequence { get; init; }

    /// <summary>The payload; undefined where the envelope has none.</summary>
    public JsonElement Data { get; init; }

    /// <summary>Attributes that have no property here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = NoExtensions;

    private static readonly Dictionary<string, JsonElement> NoExtensions = [];
}
