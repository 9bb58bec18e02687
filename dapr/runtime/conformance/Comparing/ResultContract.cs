using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Comparing;

/// <summary>
/// A result without what is no part of Dapr's contract: a charset, a content type without content, the form of an etag, and headers of an answer
/// that daprd does not send.
/// </summary>
internal static class ResultContract
{
    public static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    public static JsonNode? Of(string kind, JsonNode? result, JsonNode? recorded)
    {
        var plain = Plain(result, string.Empty);
        if (kind != "call" || plain is not JsonObject call || call["headers"] is not JsonObject headers || recorded is not JsonObject) return plain;
        var known = recorded["headers"] as JsonObject;
        foreach (var name in headers.Select(h => h.Key).Where(n => known?.ContainsKey(n) != true).ToList()) headers.Remove(name);
        return plain;
    }

    private static JsonNode? Plain(JsonNode? value, string key)
    {
        switch (value)
        {
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Plain(i, string.Empty))]);
            case JsonObject members:
                var isBare = members.ContainsKey("method") && members["body"] is JsonValue body && body.GetValueKind() == JsonValueKind.String && body.GetValue<string>().Length == 0;
                var result = new JsonObject();
                foreach (var (name, member) in members)
                {
                    var plain = Plain(member, name.ToLowerInvariant());
                    if (isBare && name == "headers" && plain is JsonObject headers) headers.Remove("content-type");
                    result[name] = plain;
                }

                return result;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                var text = scalar.GetValue<string>();
                return key switch
                {
                    "content-type" => text.Replace("; charset=utf-8", string.Empty, StringComparison.Ordinal),
                    "etag" when text.Length > 0 => "<etag>",
                    _ => text,
                };
            default:
                return value?.DeepClone();
        }
    }
}
