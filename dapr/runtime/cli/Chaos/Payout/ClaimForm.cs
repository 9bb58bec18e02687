using System.Globalization;
using System.Text;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>A claim as a citizen fills it in, and what the rules must make of it.</summary>
/// <param name="Rule">The rule that decides it (services/claims/rules/unemployment.json).</param>
internal sealed record ClaimForm(string Account, string Key, string Body, string Rule)
{
    private const string Granted = "eligible";
    private const int DeniedInHundred = 30;

    private static readonly string[] Accounts = ["diego", "amara", "chen", "grace"];

    private static readonly (string Rule, string Reason, int Weeks, string Income, bool Able)[] Refusals =
    [
        ("misconduct", "misconduct", 52, "0.00", true),
        ("voluntary-quit", "quit", 52, "0.00", true),
        ("base-period", "laid-off", 19, "0.00", true),
        ("income-limit", "laid-off", 52, "900.01", true),
        ("part-time-income", "hours-reduced", 52, "450.01", true),
        ("able-to-work", "laid-off", 52, "0.00", false),
    ];

    public bool IsApproved => Rule == Granted;

    /// <summary>The form of this number, the same for the same seed.</summary>
    public static ClaimForm Make(int seed, int number, DateOnly today)
    {
        // Seeds side by side begin alike; scattered ones don't.
        var random = new Random(unchecked((int)(((uint)seed * 2_654_435_769u) + ((uint)number * 2_246_822_507u))));
        var isDenied = random.Next(100) < DeniedInHundred;
        var (rule, reason, weeks, income, able) = isDenied
            ? Refusals[random.Next(Refusals.Length)]
            : (Granted, random.Next(4) == 0 ? "hours-reduced" : "laid-off", random.Next(20, 521), "320.50", true);
        var veteran = random.Next(10) == 0;
        var body = string.Create(CultureInfo.InvariantCulture,
            $$"""{"employer":"Works {{random.Next(1, 1000)}}","lastDay":"{{today.AddDays(-random.Next(1, 300)):yyyy-MM-dd}}","reason":"{{reason}}","weeksWorked":{{weeks}},"weeklyIncome":{{income}},"ableToWork":{{Word(able)}},"veteran":{{Word(veteran)}}}""");
        return new ClaimForm(Accounts[number % Accounts.Length], string.Create(CultureInfo.InvariantCulture, $"chaos-{seed}-{number}"), body, rule);
    }

    public ByteArrayContent Content() => new(Encoding.UTF8.GetBytes(Body)) { Headers = { ContentType = new("application/json") } };

    private static string Word(bool value) => value ? "true" : "false";
}
