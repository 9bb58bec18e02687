using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>What a scripted app answers once.</summary>
internal sealed record AppAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, TimeSpan Delay)
{
    private static readonly Dictionary<string, string> None = [];

    public static AppAnswer NotFound { get; } = new(404, None, [], TimeSpan.Zero);

    public static AppAnswer Json(byte[] body) =>
        new(200, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json" }, body, TimeSpan.Zero);

    public static AppAnswer Of(JsonElement answer, AppRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (answer.TryGetProperty("headers", out var given))
        {
            foreach (var header in given.EnumerateObject()) headers[header.Name] = header.Value.GetString()!;
        }

        var text = string.Empty;
        if (answer.TryGetProperty("bulk", out var status))
        {
            text = Statuses(request.Body, status.GetString()!);
            headers.TryAdd("Content-Type", "application/json");
        }
        else if (answer.TryGetProperty("body", out var body))
        {
            text = body.ValueKind == JsonValueKind.String ? body.GetString()! : PlainJson.Write(body);
            if (body.ValueKind != JsonValueKind.String) headers.TryAdd("Content-Type", "application/json");
        }

        return new AppAnswer(
            answer.TryGetProperty("status", out var code) ? code.GetInt32() : 200, headers, Encoding.UTF8.GetBytes(text),
            TimeSpan.FromSeconds(answer.TryGetProperty("delay", out var delay) ? delay.GetDouble() : 0));
    }

    /// <summary>The same status for every entry of a bulk delivery.</summary>
    private static string Statuses(byte[] body, string status)
    {
        var entries = JsonNode.Parse(body)!["entries"]!.AsArray();
        var statuses = entries.Select(e => (JsonNode)new JsonObject { ["entryId"] = e!["entryId"]!.DeepClone(), ["status"] = status });
        return PlainJson.Write(new JsonObject { ["statuses"] = new JsonArray([.. statuses]) }, sorted: false);
    }
}
