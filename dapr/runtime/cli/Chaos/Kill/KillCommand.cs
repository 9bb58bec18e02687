using System.CommandLine;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>`mesh chaos kill9`.</summary>
internal static class KillCommand
{
    public static Command Create(MeshContext context)
    {
        var publish = ChaosOptions.Count("--publish", "How many events", least: 100, usual: 100_000);
        var patience = ChaosOptions.Count("--patience", "How many seconds nothing may move before the run counts what there is", least: 1, usual: 90);
        var spare = new Option<bool>("--spare-writers") { Description = "Kill all but the process that writes the log: the run must say so and end with 1." };
        return ChaosOptions.Command(
            context,
            "kill9",
            "Publish under load by three sidecars to three consumers, one of them with three instances, while sidecars, services and the broker's writer " +
            "are killed with -9 at random; then count from the published lists and the handlers' own files. Exit code 1 where a number is wrong.",
            [publish, patience, spare],
            async (parsed, run, cancellationToken) =>
            {
                var asked = parsed.GetValue(publish);
                var plan = new KillPlan(run.Folder.Path, asked) { SpareWriters = parsed.GetValue(spare) };
                if (plan.Publish != asked)
                    await context.Error.WriteLineAsync($"mesh: {asked} rounded up to {plan.Publish}: {KillPlan.Lanes} lanes");
                return await RunAsync(run, plan, TimeSpan.FromSeconds(parsed.GetValue(patience)), cancellationToken);
            });
    }

    private static async Task<int> RunAsync(ChaosRun run, KillPlan plan, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (context, folder) = (run.Context, run.Folder);
        await context.Error.WriteLineAsync($"mesh: publishing {plan.Publish} events while processes are killed, seed {run.Seed}");
        var report = await new KillRun(context, plan, run.Seed, patience).RunAsync(cancellationToken);
        if (run.Json)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(report, ChaosJson.Default.KillReport));
        else
            await context.Out.WriteLineAsync(Text(report));
        if (report.Wrong.Count == 0)
            return ExitCode.Done;
        foreach (var wrong in report.Wrong)
            await context.Error.WriteLineAsync($"mesh: {wrong}");
        folder.Keep();
        await context.Error.WriteLineAsync($"mesh: the broker's folder, the lists and the handlers' files are kept in {folder.Evidence}");
        return ExitCode.Failed;
    }

    private static string Text(KillReport report) =>
        $"killed in {report.Seconds} s: {report.SidecarKills} sidecars ({report.WriterKills} while they wrote the log), {report.ServiceKills} services; " +
        $"{report.SentAgain} publishes sent again\n" +
        $"acknowledged {report.Acknowledged}, found {report.Found}, lost {report.Lost}\n" +
        $"delivered {report.Delivered} of {report.DeliveredOf} at least once, {report.DeliveredAgain} again\n" +
        $"order by key {(report.Wrong.Any(static one => one.StartsWith("out of order", StringComparison.Ordinal)) ? "broken" : "kept")}\n" +
        $"dead letters {report.DeadLetters} of {report.DeadLettersOf}, each with its cause";
}
