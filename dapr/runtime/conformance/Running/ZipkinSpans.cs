using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>Zipkin spans as a tree of names, sorted; ids become the span's place in it.</summary>
internal static class ZipkinSpans
{
    private static readonly HashSet<string> Unstable = new(StringComparer.Ordinal)
    {
        "server.port", "otel.scope.name", "net.host.ip", "telemetry.sdk.version", "otel.library.version", "dapr.runtime.version",
    };

    public static JsonArray Tree(IEnumerable<JsonObject> rows)
    {
        var spans = rows.SelectMany(r => r["body"]!.AsArray()).Select(s => s!.AsObject())
            .OrderBy(s => Text(s, "kind") ?? string.Empty, StringComparer.Ordinal).ThenBy(s => Text(s, "name"), StringComparer.Ordinal)
            .ThenBy(Service, StringComparer.Ordinal).ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < spans.Count; i++) places[Text(spans[i], "id")!] = i;
        return new JsonArray([.. spans.Select((s, i) => new JsonObject
        {
            ["span"] = i, ["parent"] = Parent(s, places), ["name"] = Text(s, "name"), ["kind"] = Text(s, "kind"), ["service"] = Service(s), ["tags"] = Tags(s),
        })]);
    }

    private static JsonNode? Parent(JsonObject span, Dictionary<string, int> places) =>
        Text(span, "parentId") is not { Length: > 0 } id ? null : places.TryGetValue(id, out var place) ? place : "outside";

    private static JsonObject Tags(JsonObject span)
    {
        var tags = new JsonObject();
        if (span["tags"] is not JsonObject all) return tags;
        foreach (var (name, value) in all.Where(t => !Unstable.Contains(t.Key)).OrderBy(t => t.Key, StringComparer.Ordinal)) tags[name] = value?.DeepClone();
        return tags;
    }

    private static string? Service(JsonObject span) => Text(span["localEndpoint"]!.AsObject(), "serviceName");

    private static string? Text(JsonObject value, string name) => value[name]?.GetValue<string>();
}
