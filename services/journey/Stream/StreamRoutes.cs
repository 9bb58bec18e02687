using System.Globalization;
using System.Text.Json;
using HmsMesh.Journey.Options;
using HmsMesh.Kit;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Journey.Stream;

/// <summary>GET /stream: every option as it is, then each change, as server-sent events. A page that was away says the last
/// id it saw and gets what is newer.</summary>
internal static class StreamRoutes
{
    public static IServiceCollection AddStream(this IServiceCollection services) => services
        .AddSingleton<StreamOptions>()
        .AddSingleton<StreamGate>()
        .AddSingleton<OptionFeed>()
        .AddSingleton<CitizenSignals>()
        .AddSingleton<MatcherPolicy, BearerPolicy>()
        .AddHostedService(provider => provider.GetRequiredService<OptionFeed>());

    public static void MapStream(this IEndpointRouteBuilder app) => app.MapGet("/stream", StreamAsync).Public().WithMetadata(new BearerMetadata(false));

    private static async Task StreamAsync(
        HttpContext context,
        OptionFeed feed,
        StreamGate gate,
        StreamOptions options,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        using var place = gate.Enter();
        if (place is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = "30";
            return;
        }

        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await WriteAsync(response, feed, LastSeen(context.Request), options.Heartbeat, time, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the service stops: a page connects again by itself.
        }
    }

    private static async Task WriteAsync(
        HttpResponse response, OptionFeed feed, long seen, TimeSpan heartbeat, TimeProvider time, CancellationToken ct)
    {
        await response.WriteAsync("retry: 1000\n\n", ct);
        while (!ct.IsCancellationRequested)
        {
            var snapshot = await feed.CurrentAsync(ct);
            foreach (var option in snapshot.Since(seen))
                await response.WriteAsync(Message(option), ct);
            seen = snapshot.Version;
            await response.Body.FlushAsync(ct);
            while (!await ReplacedAsync(snapshot, heartbeat, time, ct))
            {
                await response.WriteAsync("event: beat\ndata: {}\n\n", ct);
                await response.Body.FlushAsync(ct);
            }
        }
    }

    /// <summary>False when the heartbeat is due first.</summary>
    private static async Task<bool> ReplacedAsync(Snapshot snapshot, TimeSpan heartbeat, TimeProvider time, CancellationToken ct)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var first = await Task.WhenAny(snapshot.Replaced, Task.Delay(heartbeat, time, wait.Token));
        await wait.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return first == snapshot.Replaced;
    }

    private static string Message(Option option)
    {
        var data = JsonSerializer.Serialize(new OptionMessage(option.Facility, option.CanApply), JsonSerializerOptions.Web);
        return string.Create(CultureInfo.InvariantCulture, $"id: {option.Version}\nevent: option\ndata: {data}\n\n");
    }

    /// <summary>-1, before everything, where there is none or it is not a number of ours.</summary>
    private static long LastSeen(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : -1;
}
