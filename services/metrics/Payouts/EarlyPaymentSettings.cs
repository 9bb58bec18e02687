using HmsMesh.Kit;
using Microsoft.Extensions.Configuration;

namespace HmsMesh.Metrics.Payouts;

/// <summary>How long a payment waits for the approval of its claim.</summary>
internal sealed record EarlyPaymentSettings(TimeSpan WaitFor)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    public static EarlyPaymentSettings From(IConfiguration configuration) => new(
        configuration.Duration("Metrics__EarlyPaymentsWaitFor", TimeSpan.FromTicks(1), Longest, "such as 30.00:00:00, of ten years at most") ?? Usual);
}
