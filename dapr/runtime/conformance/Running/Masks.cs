using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HmsMesh.Conformance.Running;

/// <summary>Puts marks in place of what differs from run to run: ids, times, ports, trace ids.</summary>
internal sealed partial class Masks(Scenario scenario, ScenarioPlaces places, TimeProvider time)
{
    private const int LeastPort = 1024;
    private const int MatchLimit = 5_000;

    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "host", "user-agent", "content-length", "accept-encoding", "date", "connection", "server", "transfer-encoding", "keep-alive", "accept", "vary",
        "__timestamp", "__partition", "__offset",
    };

    private static readonly HashSet<string> OfHosts = new(StringComparer.Ordinal) { "forwarded", "x-forwarded-for", "x-forwarded-host" };

    public string Text(string text)
    {
        var kept = scenario.Keep;
        for (var i = 0; i < kept.Count; i++) text = text.Replace(kept[i], $"<<kept {i}>>", StringComparison.Ordinal);
        text = Made(text);
        for (var i = 0; i < kept.Count; i++)
            text = text.Replace($"<<kept {i}>>", $"<the {kept[i][..Math.Min(8, kept[i].Length)]}... that was sent>", StringComparison.Ordinal);
        return SpanOfKept().Replace(text, "${kept}-<span>-");
    }

    /// <summary>A body: JSON where it is, else text, with bytes that are no text as <c>\xNN</c>.</summary>
    public JsonNode? Body(ReadOnlySpan<byte> body)
    {
        var text = Decoded(body);
        if (text.Length == 0 || text[0] is not ('{' or '[' or '"')) return Text(text);
        try
        {
            using var json = JsonDocument.Parse(text);
            return Json(json.RootElement);
        }
        catch (JsonException)
        {
            return Text(text);
        }
    }

    public JsonObject Headers(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var result = new JsonObject();
        foreach (var (name, value) in headers.Select(h => (Name: h.Key.ToLowerInvariant(), h.Value)).OrderBy(h => h.Name, StringComparer.Ordinal))
        {
            if (!Dropped.Contains(name)) result[name] = OfHosts.Contains(name) ? "<host>" : Text(value);
        }

        return result;
    }

    private static string Decoded(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder(body.Length);
        while (!body.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(body, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in body[..length]) text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }

            body = body[length..];
        }

        return text.ToString();
    }

    private JsonNode? Json(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var result = new JsonObject();
                foreach (var property in value.EnumerateObject().Where(p => !scenario.Ignore.Contains(p.Name))) result[Text(property.Name)] = Json(property.Value);
                return result;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(Json)]);
            case JsonValueKind.String:
                return Text(value.GetString()!);
            case JsonValueKind.Number when value.TryGetInt64(out var number) && number > LeastPort:
                var digits = number.ToString(CultureInfo.InvariantCulture);
                var masked = Text(digits);
                return masked == digits ? number : masked;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(value.Clone());
        }
    }

    private string Made(string text)
    {
        text = text.Replace(places.Folder, "<dir>", StringComparison.Ordinal);
        text = TraceParent().Replace(text, "<traceparent-${sampled}>");
        text = Uuid().Replace(text, "<uuid>");
        text = Time().Replace(text, scenario.Offsets ? Offset : static _ => "<time>");
        text = HttpDate().Replace(text, "<date>");
        text = TraceId().Replace(text, "<trace-id>");
        return Port().Replace(text, match => MarkOf(match.ValueSpan) ?? match.Value);
    }

    private string? MarkOf(ReadOnlySpan<char> digits)
    {
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        return Find(places.Apps, "app-port") ?? Find(places.Http, "http-port") ?? Find(places.Named, "port");

        string? Find(IEnumerable<KeyValuePair<string, int>> ports, string kind)
        {
            foreach (var (name, number) in ports)
            {
                if (number == port) return $"<{kind}:{name}>";
            }

            return null;
        }
    }

    /// <summary>A time as its distance from now, to ten seconds.</summary>
    private string Offset(Match match)
    {
        if (!DateTimeOffset.TryParse(match.ValueSpan[..19].ToString() + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)) return "<time>";
        var seconds = (then - time.GetUtcNow()).TotalSeconds;
        return Math.Abs(seconds) < 5 ? "<time>" : string.Create(CultureInfo.InvariantCulture, $"<time{Math.Round(seconds / 10) * 10:+0;-0;+0}s>");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\b00-[0-9a-f]{32}-[0-9a-f]{16}-(?<sampled>0[01])\b", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex TraceParent();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex Time();

    [GeneratedRegex(@"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex HttpDate();

    [GeneratedRegex(@"\b[0-9a-f]{32}\b", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex TraceId();

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9]{4,5}(?![0-9A-Za-z])", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex Port();

    [GeneratedRegex("(?<kept>that was sent>)-[0-9a-f]{16}-", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex SpanOfKept();
}
