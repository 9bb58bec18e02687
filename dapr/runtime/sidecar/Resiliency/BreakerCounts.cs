using System.Runtime.InteropServices;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>What a breaker's trip expression can ask.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BreakerCounts(long Requests, long TotalSuccesses, long TotalFailures, long ConsecutiveSuccesses, long ConsecutiveFailures)
{
    public BreakerCounts Entered() => this with { Requests = Requests + 1 };

    public BreakerCounts Succeeded() =>
        this with { TotalSuccesses = TotalSuccesses + 1, ConsecutiveSuccesses = ConsecutiveSuccesses + 1, ConsecutiveFailures = 0 };

    public BreakerCounts Failed() =>
        this with { TotalFailures = TotalFailures + 1, ConsecutiveFailures = ConsecutiveFailures + 1, ConsecutiveSuccesses = 0 };
}
