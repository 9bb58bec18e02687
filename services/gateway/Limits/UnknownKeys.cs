using System.Threading.RateLimiting;

namespace HmsMesh.Gateway.Limits;

/// <summary>Counts API keys that were not known, by address: keys cannot be guessed through the door.</summary>
internal sealed class UnknownKeys : IDisposable
{
    private const int Most = 20;
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Most,
            TokensPerPeriod = Most,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    public bool MayTry(HttpContext http) => _limiter.GetStatistics(Address(http)) is not { CurrentAvailablePermits: 0 };

    public void Note(HttpContext http) => _limiter.AttemptAcquire(Address(http)).Dispose();

    public void Dispose() => _limiter.Dispose();

    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";
}
