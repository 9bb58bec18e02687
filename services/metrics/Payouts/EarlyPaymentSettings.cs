using System.Globalization;
using HmsMesh.Kit;
using Microsoft.Extensions.Configuration;

namespace HmsMesh.Metrics.Payouts;

/// <summary>How long a payment waits for the approval of its claim.</summary>
internal sealed record EarlyPaymentSettings(TimeSpan WaitFor)
{
    private const string Key = "Metrics:EarlyPaymentsWaitFor";
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    public static EarlyPaymentSettings From(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } text)
            return new EarlyPaymentSettings(Usual);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value > TimeSpan.Zero && value <= Longest
            ? new EarlyPaymentSettings(value)
            : throw new MeshConfigurationException($"{Key.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is no duration such as 30.00:00:00, of ten years at most.");
    }
}
