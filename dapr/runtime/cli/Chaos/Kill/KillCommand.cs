using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>`mesh chaos kill9`.</summary>
internal static class KillCommand
{
    private const int DefaultPublish = 100_000;
    private const int MostPublish = 10_000_000;

    public static Command Create(MeshContext context)
    {
        var publish = new Option<int>("--publish") { Description = $"How many events, 100 to {MostPublish}.", DefaultValueFactory = _ => DefaultPublish };
        var seed = ChaosOptions.Seed();
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command(
            "kill9",
            "Publish under load by three sidecars to three consumers, one of them with three instances, while sidecars, services and the broker's writer " +
            "are killed with -9 at random; then count from the published lists and the handlers' own files. Exit code 1 where a number is wrong.")
        {
            publish, seed, json, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(publish);
            if (count is < 100 or > MostPublish)
                throw new MeshException($"--publish takes 100 to {MostPublish}, not {count}.", ExitCode.Usage);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var interrupt = On(PosixSignal.SIGINT, stop);
            using var terminate = On(PosixSignal.SIGTERM, stop);
            return await RunAsync(context, parsed.GetValue(data), count, parsed.GetValue(seed) ?? ChaosOptions.RandomSeed(), parsed.GetValue(json), stop.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(MeshContext context, string? data, int publish, int seed, bool json, CancellationToken cancellationToken)
    {
        using var folder = ChaosFolder.Make(context, data, "kill9");
        var plan = new KillPlan(folder.Path, publish, new Random(seed));
        await context.Error.WriteLineAsync($"mesh: publishing {plan.Publish} events while processes are killed, seed {seed}");
        KillReport report;
        try
        {
            report = await new KillRun(context, plan, seed).RunAsync(cancellationToken);
        }
        catch (MeshException)
        {
            folder.Keep();
            await context.Error.WriteLineAsync($"mesh: what there was by then is kept in {folder.Evidence}");
            throw;
        }

        if (json)
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

    private static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
