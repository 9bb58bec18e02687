using HmsMesh.Kit;

namespace HmsMesh.Payments;

/// <summary>What the environment says about payments.</summary>
internal sealed record PaymentsSettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Takes the place of the secret payee-vault: 32 bytes in base64url.</summary>
    public string? VaultSecret { get; init; }

    /// <summary>Fills the vault with fictional payees for the demo accounts.</summary>
    public bool HasDemoPayees { get; init; }

    /// <summary>How long the bank may take for an answer; after it nobody knows what it did.</summary>
    public TimeSpan BankTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an unknown outcome rests before the bank is asked about it.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the bank is asked for returned entries.</summary>
    public TimeSpan ReturnsEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an instance has a payment to itself. Longer than both calls that it makes for one.</summary>
    public TimeSpan Lease => (BankTimeout * 3) + TimeSpan.FromSeconds(5);

    public static PaymentsSettings From(IConfiguration configuration)
    {
        var known = new PaymentsSettings();
        return known with
        {
            VaultSecret = configuration["Secrets:payee-vault"] is { Length: > 0 } secret ? secret : null,
            HasDemoPayees = string.Equals(configuration["Payments:DemoPayees"], "true", StringComparison.OrdinalIgnoreCase),
            BankTimeout = Duration(configuration, "Payments:BankTimeout") ?? known.BankTimeout,
            Settling = Duration(configuration, "Payments:Settling") ?? known.Settling,
            ReturnsEvery = Duration(configuration, "Payments:ReturnsEvery") ?? known.ReturnsEvery,
        };
    }

    private static TimeSpan? Duration(IConfiguration configuration, string key) =>
        configuration.Duration(key, TimeSpan.FromTicks(1), Longest, "such as 00:00:05, of 5 minutes at most");
}
