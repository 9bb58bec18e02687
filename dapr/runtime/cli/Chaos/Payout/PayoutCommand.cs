using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>`mesh chaos payout`.</summary>
internal static class PayoutCommand
{
    private const int MostLanes = 256;

    public static Command Create(MeshContext context)
    {
        var claims = ChaosOptions.Count("--claims", "How many claims", least: 20, usual: 5_000);
        var patience = ChaosOptions.Count("--patience", "How many seconds nothing may move before the run counts what there is", least: 1, usual: 120);
        var lanes = new Option<int>("--lanes") { Description = $"How many claims are posted side by side, 1 to {MostLanes}.", DefaultValueFactory = static _ => 16 };
        lanes.Validators.Add(static given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > MostLanes)
                given.AddError($"--lanes takes 1 to {MostLanes}.");
        });
        var calm = new Option<bool>("--calm") { Description = "Kill nothing: measure the rate." };
        var forgetful = new Option<bool>("--forgetful-bank") { Description = "The bank takes an entry twice where it is sent twice: each claim is credited once all the same." };
        var tamper = new Option<bool>("--tamper") { Hidden = true };
        return ChaosOptions.Command(
            context,
            "payout",
            "Start a mesh of its own and post unemployment claims through its gateway at full speed while payments, the notifier, their sidecars and the " +
            "bank are killed with -9 in turn; then count decisions, payments, the bank's own ledger, the ACH file and mails. Exit code 1 where a number is wrong.",
            [claims, patience, lanes, calm, forgetful, tamper],
            (parsed, run, cancellationToken) => RunAsync(
                run,
                new PayoutPlan
                {
                    Claims = parsed.GetValue(claims),
                    Seed = run.Seed,
                    Lanes = parsed.GetValue(lanes),
                    Patience = TimeSpan.FromSeconds(parsed.GetValue(patience)),
                    IsCalm = parsed.GetValue(calm),
                    HasForgetfulBank = parsed.GetValue(forgetful),
                    IsTampered = parsed.GetValue(tamper),
                },
                cancellationToken));
    }

    private static async Task<int> RunAsync(ChaosRun run, PayoutPlan plan, CancellationToken cancellationToken)
    {
        var (context, folder) = (run.Context, run.Folder);
        await context.Error.WriteLineAsync($"mesh: posting {plan.Claims} claims{(plan.IsCalm ? "" : " while processes are killed")}, seed {run.Seed}");
        var report = await new PayoutRun(context, plan, folder).RunAsync(cancellationToken);
        await context.Out.WriteLineAsync(run.Json ? JsonSerializer.Serialize(report, ChaosJson.Default.PayoutReport) : Text(report));
        if (report.Wrong.Count == 0)
            return ExitCode.Done;
        foreach (var wrong in report.Wrong)
            await context.Error.WriteLineAsync($"mesh: {wrong}");
        folder.Keep();
        await context.Error.WriteLineAsync($"mesh: the mesh's data folder and the list of claims are kept in {folder.Evidence}");
        return ExitCode.Failed;
    }

    private static string Text(PayoutReport report) => string.Create(CultureInfo.InvariantCulture, $"""
        posted {report.Posted} claims, {report.SentAgain} answers were none and sent again; killed {report.Kills.Values.Sum()}: {string.Join(", ", report.Kills.Select(static one => $"{one.Key} {one.Value}"))}
        decided once {report.Decided} of {report.Posted}: approved {report.Approved}, denied {report.Denied}
        credited once {report.Paid} of {report.Approved}, {report.TriedAgain} of them tried more than once
        the bank's ledger {report.BankEntries} entries, {Dollars(report.BankCents)}; the ledger of payments {Dollars(report.LedgerCents)}; the ACH file {Ach(report)}
        {Mails(report)}
        {report.PaidPerSecond} claims paid a second over {report.Seconds} s; from form to paid p50 {report.P50Ms} ms, p99 {report.P99Ms} ms
        """);

    private static string Ach(PayoutReport report) => report.AchEntries is null ? "unread" : $"{report.AchEntries} entries, {Dollars(report.AchCents ?? 0)}";

    private static string Mails(PayoutReport report) => report.Mails is { } mails
        ? $"mailed {mails.Denied} of {report.Denied} denied, and {mails.Sent} that are paid; {mails.Suppressed} duplicates suppressed, {mails.Again} sent again by a notifier that was killed before it had noted it"
        : $"mails not counted: {report.MailsSkipped}";

    private static string Dollars(long cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100m:N2} USD");
}
