using System.Text.Json;
using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Supervision;

/// <summary>Asks a service what became of the events that it heard.</summary>
internal sealed class EventCounter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false }) { Timeout = Patience };

    /// <summary>Null where the service doesn't tell, such as one that is not of the kit.</summary>
    public async Task<EventCounts?> CountAsync(ServicePlan plan, CancellationToken cancellationToken)
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

    internal static EventCounts? Read(ReadOnlyMemory<byte> json)
    {
        using var stats = JsonDocument.Parse(json);
        if (stats.RootElement.ValueKind is not JsonValueKind.Object
            || !stats.RootElement.TryGetProperty("hears", out var hears)
            || hears.ValueKind is not JsonValueKind.Object)
            return null;
        var topics = hears.EnumerateObject().Select(topic => topic.Value).ToList();
        return new EventCounts(Sum(topics, "handled"), Sum(topics, "stale"), Sum(topics, "duplicate"));
    }

    private static long Sum(IEnumerable<JsonElement> topics, string outcome) => topics.Sum(topic =>
        topic.ValueKind is JsonValueKind.Object && topic.TryGetProperty(outcome, out var count) && count.TryGetInt64(out var number) ? number : 0);
}
