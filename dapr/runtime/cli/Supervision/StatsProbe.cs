using System.Text.Json;
using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Supervision;

/// <summary>Asks a service what became of the events that it heard, and what it calls no more for a while.</summary>
internal sealed class StatsProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false }) { Timeout = Patience };

    /// <summary>Null where the service doesn't tell, such as one that is not of the kit.</summary>
    public async Task<ServiceStats?> AskAsync(ServicePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, plan.Address + "/mesh/stats");
            request.Headers.Add("dapr-api-token", plan.AppToken);
            using var answer = await _http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? Read(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    internal static ServiceStats? Read(ReadOnlyMemory<byte> json)
    {
        using var stats = JsonDocument.Parse(json);
        if (stats.RootElement.ValueKind is not JsonValueKind.Object
            || !stats.RootElement.TryGetProperty("hears", out var hears)
            || hears.ValueKind is not JsonValueKind.Object)
            return null;
        var topics = hears.EnumerateObject().Select(topic => topic.Value).ToList();
        return new ServiceStats(new EventCounts(Sum(topics, "handled"), Sum(topics, "stale"), Sum(topics, "duplicate")), NotClosed(stats.RootElement));
    }

    private static List<OpenBreaker>? NotClosed(JsonElement stats)
    {
        if (!stats.TryGetProperty("breakers", out var breakers) || breakers.ValueKind is not JsonValueKind.Object)
            return null;
        var found = breakers.EnumerateObject().Where(one => one.Value.ValueKind is JsonValueKind.String && !one.Value.ValueEquals("Closed"))
            .Select(one => new OpenBreaker(one.Name, one.Value.ValueEquals("HalfOpen"))).ToList();
        return found.Count > 0 ? found : null;
    }

    private static long Sum(IEnumerable<JsonElement> topics, string outcome) => topics.Sum(topic =>
        topic.ValueKind is JsonValueKind.Object && topic.TryGetProperty(outcome, out var count) && count.TryGetInt64(out var number) ? number : 0);
}
