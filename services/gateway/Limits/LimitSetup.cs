using System.Threading.RateLimiting;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;

namespace HmsMesh.Gateway.Limits;

/// <summary>So many requests for each caller: by who he is where that is known, else by his address. Pages and their files are free.</summary>
internal static class LimitSetup
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<AddressLimit>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
            limits.OnRejected = (rejected, _) => new ValueTask(rejected.HttpContext.RefuseAsync(
                StatusCodes.Status429TooManyRequests,
                "Too many requests",
                "You ask more often than one caller may. Wait, then go on.",
                WaitOf(rejected.Lease)));
        });
        return services;
    }

    /// <summary>Stands before the door, which costs a check of a token or a question to the issuer.</summary>
    public static void UseAddressLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<AddressLimit>();
        app.Use((http, next) => IsLimited(http) && limit.Wait(http) is { } wait
            ? http.RefuseAsync(StatusCodes.Status429TooManyRequests, "Too many requests", "More is asked from your address than one may. Wait, then go on.", wait)
            : next(http));
    }

    public static void UseLimits(this WebApplication app) => app.UseRateLimiter();

    internal static RateLimitPartition<string> Bucket(string name, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    internal static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    internal static TimeSpan WaitOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    private static RateLimitPartition<string> Partition(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<GatewayOptions>();
        if (http.Features.Get<Visitor>() is { } visitor)
            return Bucket($"caller {visitor.Name}", options.Burst, options.RequestsPerSecond);
        return IsLimited(http) ? Bucket($"address {AddressOf(http)}", options.Burst, options.RequestsPerSecond) : RateLimitPartition.GetNoLimiter("page");
    }

    private static bool IsLimited(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || http.GetEndpoint()?.Metadata.GetMetadata<LimitedMetadata>() is not null;
}
