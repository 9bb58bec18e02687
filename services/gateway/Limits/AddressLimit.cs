using System.Threading.RateLimiting;

namespace HmsMesh.Gateway.Limits;

/// <summary>So many requests from one address, counted before anyone is asked who they are from: refusals cost too.</summary>
internal sealed class AddressLimit(GatewayOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        LimitSetup.Bucket(LimitSetup.AddressOf(http), options.AddressBurst, options.AddressRequestsPerSecond));

    /// <summary>Null where it may go on, else how long to wait.</summary>
    public TimeSpan? Wait(HttpContext http)
    {
        using var lease = _limiter.AttemptAcquire(http);
        return lease.IsAcquired ? null : LimitSetup.WaitOf(lease);
    }

    public void Dispose() => _limiter.Dispose();
}
