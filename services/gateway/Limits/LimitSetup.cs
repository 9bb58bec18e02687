using System.Threading.RateLimiting;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;

namespace HmsMesh.Gateway.Limits;

/// <summary>So many requests for each caller: by who he is where that is known, else by his address. Pages and their files are free.</summary>
internal static class LimitSetup
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
            limits.OnRejected = (rejected, _) => new ValueTask(rejected.HttpContext.RefuseAsync(
                StatusCodes.Status429TooManyRequests,
                "Too many requests",
                "You ask more often than one caller may. Wait, then go on.",
                rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1)));
        });
        return services;
    }

    public static void UseLimits(this WebApplication app) => app.UseRateLimiter();

    private static RateLimitPartition<string> Partition(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<GatewayOptions>();
        if (http.Features.Get<Visitor>() is { } visitor)
            return Bucket($"caller {visitor.Name}", options.Burst, options.RequestsPerSecond);
        return http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || http.GetEndpoint()?.Metadata.GetMetadata<LimitedMetadata>() is not null
            ? Bucket($"address {http.Connection.RemoteIpAddress}", options.Burst, options.RequestsPerSecond)
            : RateLimitPartition.GetNoLimiter("page");
    }

    private static RateLimitPartition<string> Bucket(string name, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
}
