using System.Text.Json;
using HmsMesh.Journey.Claims;

namespace HmsMesh.Journey.Stream;

/// <summary>One open stream of a citizen.</summary>
internal sealed class CitizenStream(
    HttpResponse response, string[] topics, OptionFeed feed, CitizenSignals.Watch watch, TimeSpan heartbeat, TimeProvider time)
{
    private readonly bool _claims = topics.Contains("claims", StringComparer.Ordinal);
    private readonly bool _capacity = topics.Contains("capacity", StringComparer.Ordinal);

    /// <summary>Until the token ends it. What another instance of this service has heard is found with the next heartbeat.</summary>
    public async Task WriteAsync(StreamPosition seen, Func<long, Task<List<ClaimState>>> changes, CancellationToken ct)
    {
        await response.WriteAsync("retry: 1000\n\n", ct);
        while (!ct.IsCancellationRequested)
        {
            var snapshot = await feed.CurrentAsync(ct);
            watch.Clear();
            if (_capacity)
            {
                foreach (var option in snapshot.Since(seen.Options))
                {
                    seen = seen with { Options = option.Version };
                    await WriteAsync(seen, "capacity", new OptionMessage(option.Facility, option.CanApply), ct);
                }

                seen = seen with { Options = snapshot.Version };
            }

            if (_claims)
            {
                foreach (var claim in await changes(seen.Claims))
                {
                    seen = seen with { Claims = claim.Version };
                    await WriteAsync(seen, "claim", new ClaimMessage(claim.ClaimId, claim.Status, claim.At), ct);
                }
            }

            await response.Body.FlushAsync(ct);
            if (!await ChangedAsync(snapshot, ct))
                await response.WriteAsync("event: beat\ndata: {}\n\n", ct);
        }
    }

    /// <summary>False when the heartbeat is due first.</summary>
    private async Task<bool> ChangedAsync(Snapshot snapshot, CancellationToken ct)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = Task.Delay(heartbeat, time, wait.Token);
        var first = _capacity
            ? await Task.WhenAny(watch.ChangedAsync(wait.Token), snapshot.Replaced, pause)
            : await Task.WhenAny(watch.ChangedAsync(wait.Token), pause);
        await wait.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return first != pause;
    }

    private Task WriteAsync<T>(StreamPosition position, string kind, T message, CancellationToken ct) =>
        response.WriteAsync($"id: {position}\nevent: {kind}\ndata: {JsonSerializer.Serialize(message, JsonSerializerOptions.Web)}\n\n", ct);
}
