using HmsMesh.Kit;

namespace HmsMesh.Bank;

/// <summary>How long things take at this bank.</summary>
internal sealed record BankSettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long an answer takes in the mode slow.</summary>
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long an entry taken in the mode return comes back: the next day.</summary>
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromDays(1);

    public static BankSettings From(IConfiguration configuration)
    {
        var known = new BankSettings();
        return known with
        {
            SlowFor = Duration(configuration, "Bank:SlowFor") ?? known.SlowFor,
            ReturnAfter = Duration(configuration, "Bank:ReturnAfter") ?? known.ReturnAfter,
        };
    }

    private static TimeSpan? Duration(IConfiguration configuration, string key) =>
        configuration.Duration(key, TimeSpan.Zero, Longest, "such as 00:00:05, of 7 days at most");
}
