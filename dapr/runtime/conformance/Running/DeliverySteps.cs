using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>The steps that look at what apps got.</summary>
internal sealed class DeliverySteps(ScenarioRun run)
{
    public async Task<JsonNode> DeliveriesAsync(JsonElement step, CancellationToken cancellationToken)
    {
        var app = run.App(step.GetProperty("sidecar").GetString()!);
        var path = step.GetProperty("path").GetString()!;
        var count = step.GetProperty("count").GetInt32();
        var byEntry = Flag(step, "entries");
        await app.WaitAsync(
            () => (byEntry ? app.Matching(path).Sum(Entries) : app.Matching(path).Count) >= count, run.Paced(Number(step, "within", 10)), cancellationToken).ConfigureAwait(false);
        await SettleAsync(step, 0.5, cancellationToken).ConfigureAwait(false);
        var got = app.Matching(path);
        if (Flag(step, "at_least")) return new JsonObject { ["at_least"] = count, ["reached"] = got.Count >= count };
        if (byEntry) return new JsonObject { ["entries"] = got.Sum(Entries), ["bulk"] = got.Count < count || count == 1 };
        if (Flag(step, "count_only")) return new JsonObject { ["count"] = got.Count };
        if (Number(step, "gaps", 0) is var size and > 0) return Gaps(got, size);
        var rows = got.Select(Row).ToList();
        if (Flag(step, "spans")) return ZipkinSpans.Tree(rows);
        if (Flag(step, "sort")) rows = [.. rows.OrderBy(r => PlainJson.Write(r["body"], sorted: true), StringComparer.Ordinal)];
        return new JsonArray([.. rows]);
    }

    /// <summary>How many of the values published arrived at all.</summary>
    public async Task<JsonNode> ValuesAsync(JsonElement step, CancellationToken cancellationToken)
    {
        var app = run.App(step.GetProperty("sidecar").GetString()!);
        var (path, key) = (step.GetProperty("path").GetString()!, step.GetProperty("key").GetString()!);
        var count = step.GetProperty("count").GetInt32();
        await app.WaitAsync(() => Seen() >= count, run.Paced(step.GetProperty("within").GetDouble()), cancellationToken).ConfigureAwait(false);
        return new JsonObject { ["count"] = Seen() };

        int Seen() => app.Matching(path).Select(r => JsonNode.Parse(r.Body)!["data"]![key]!.ToJsonString()).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>How many requests several apps got together, and whether each got one.</summary>
    public async Task<JsonNode> TotalAsync(JsonElement step, CancellationToken cancellationToken)
    {
        var apps = step.GetProperty("sidecars").EnumerateArray().Select(s => run.App(s.GetString()!)).ToList();
        var path = step.GetProperty("path").GetString()!;
        var count = step.GetProperty("count").GetInt32();
        var within = run.Paced(Number(step, "within", 10));
        var start = run.Time.GetTimestamp();
        while (Counts().Sum() < count && run.Time.GetElapsedTime(start) is var passed && passed < within)
        {
            // Any of them may be the next to get one.
            using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var seen = Counts().Sum();
            await Task.WhenAny(apps.Select(a => a.WaitAsync(() => Counts().Sum() > seen, within - passed, first.Token))).ConfigureAwait(false);
            await first.CancelAsync().ConfigureAwait(false);
        }

        await SettleAsync(step, 1, cancellationToken).ConfigureAwait(false);
        return new JsonObject { ["count"] = Counts().Sum(), ["shared"] = Counts().All(c => c > 0) };

        List<int> Counts() => [.. apps.Select(a => a.Matching(path).Count)];
    }

    private static int Entries(AppRequest request) => JsonNode.Parse(request.Body)!["entries"]!.AsArray().Count;

    private static bool Flag(JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;

    private static double Number(JsonElement step, string name, double otherwise) => step.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;

    private Task SettleAsync(JsonElement step, double otherwise, CancellationToken cancellationToken) =>
        Task.Delay(run.Paced(Number(step, "settle", otherwise)), run.Time, cancellationToken);

    private JsonObject Row(AppRequest request) => new()
    {
        ["method"] = request.Method,
        ["query"] = run.Masks.Text(request.Query),
        ["headers"] = run.Masks.Headers(request.Headers),
        ["body"] = run.Masks.Body(request.Body),
    };

    /// <summary>Seconds between deliveries, to the nearest step of that size.</summary>
    private JsonObject Gaps(IReadOnlyList<AppRequest> got, double size)
    {
        var gaps = got.Zip(got.Skip(1), (a, b) => (JsonNode)(Math.Round(run.Time.GetElapsedTime(a.At, b.At).TotalSeconds / size) * size));
        return new JsonObject { ["count"] = got.Count, ["gaps"] = new JsonArray([.. gaps]) };
    }
}
