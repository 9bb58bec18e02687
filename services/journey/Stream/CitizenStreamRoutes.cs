using HmsMesh.Journey.Claims;
using HmsMesh.Kit;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Journey.Stream;

/// <summary>GET /stream with a token: the caller's claims (event claim) and the options of all (event capacity), first as they are, then
/// each change, until the token ends. ?topics=claims or ?topics=capacity leaves the other out.</summary>
internal static class CitizenStreamRoutes
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static void MapCitizenStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/stream", StreamAsync).Needs("claims.read").WithMetadata(new BearerMetadata(true));

    private static async Task StreamAsync(
        HttpContext context,
        string? topics,
        OptionFeed feed,
        CitizenSignals signals,
        IWorkshop workshop,
        StreamGate gate,
        StreamOptions options,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        var wanted = (topics ?? "claims,capacity").Split(',', StringSplitOptions.TrimEntries);
        if (!wanted.All(t => t is "claims" or "capacity"))
        {
            await TypedResults.Problem("There are the topics claims and capacity.", statusCode: StatusCodes.Status400BadRequest, title: "topics").ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        using var place = gate.Enter();
        if (place is null)
        {
            response.Headers.RetryAfter = "30";
            await TypedResults.Problem("Too many pages are open at the moment.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Come back later").ExecuteAsync(context);
            return;
        }

        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        var caller = context.Caller();
        using var expiry = new CancellationTokenSource(Left(caller, time), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, expiry.Token);
        try
        {
            var citizen = caller.Subject;
            using var watch = signals.For(citizen);
            var stream = new CitizenStream(response, wanted, feed, watch, options.Heartbeat, time);
            await stream.WriteAsync(StreamPosition.Parse(context.Request.Headers["Last-Event-ID"]), Changes, ending.Token);

            Task<List<ClaimState>> Changes(long version) => workshop.ClaimsSinceAsync(citizen, version, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, his token has ended, or the service stops: a page connects again by itself.
        }
    }

    private static TimeSpan Left(Caller caller, TimeProvider time)
    {
        var left = caller.ExpiresAt - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > Longest ? Longest : left;
    }
}
