using System.CommandLine;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>`mesh chaos power`.</summary>
internal static class PowerCommand
{
    public static Command Create(MeshContext context)
    {
        var rounds = ChaosOptions.Count("--rounds", "How many cuts of the power", least: 1, usual: 2_000);
        var lie = new Option<bool>("--lying-disk") { Description = "The disk says that it synced and does not: the run must find losses and end with 1." };
        return ChaosOptions.Command(
            context,
            "power",
            "Record every write, sync and rename of a broker at work, rebuild the disk as a power cut at random points leaves it, open it and count: " +
            "every acknowledged event there, handled progress kept, order by key kept, dead letters once each. Exit code 1 where a number is wrong.",
            [rounds, lie],
            (parsed, run, cancellationToken) => RunAsync(run, parsed.GetValue(lie), parsed.GetValue(rounds), cancellationToken));
    }

    private static async Task<int> RunAsync(ChaosRun run, bool lie, int rounds, CancellationToken cancellationToken)
    {
        var (context, evidence, seed) = (run.Context, run.Folder.Evidence, run.Seed);
        var chaos = new PowerChaos(run.Folder.Path, context.Time, lie);
        var began = context.Time.GetTimestamp();
        var told = began;
        await context.Error.WriteLineAsync($"mesh: cutting the power {rounds} times, seed {seed}");
        IReadOnlyList<string> faults = [];
        while (chaos.Counts.Cuts < rounds && faults.Count == 0)
        {
            faults = await chaos.RunAsync(seed, rounds, evidence, cancellationToken);
            if (faults.Count > 0)
            {
                await context.Error.WriteLineAsync(string.Join('\n', faults.Take(20)));
                await context.Error.WriteLineAsync(
                    $"mesh: {faults.Count - 1} wrong with seed {seed}: 'mesh chaos power --seed {seed}{(lie ? " --lying-disk" : "")}' repeats it; the disk after the cut is kept in {evidence}");
            }
            else if (context.Time.GetElapsedTime(told) > TimeSpan.FromSeconds(5))
            {
                told = context.Time.GetTimestamp();
                await context.Error.WriteLineAsync($"mesh: {chaos.Counts.Cuts} cuts, {chaos.Counts.Acknowledged} acknowledged, {chaos.Counts.Lost} lost");
            }

            seed++;
        }

        var counts = chaos.Counts;
        var seconds = context.Time.GetElapsedTime(began).TotalSeconds;
        await context.Out.WriteLineAsync(run.Json
            ? JsonSerializer.Serialize(counts, ChaosJson.Default.PowerCounts)
            : $"{counts.Cuts} power cuts in {seconds:0} s: acknowledged {counts.Acknowledged}, found {counts.Found}, past retention {counts.Trimmed}, " +
              $"lost {counts.Lost}; delivered {counts.Delivered}, progress kept of {counts.ProgressKept}, dead letters {counts.DeadLetters}" +
              (faults.Count > 0 ? $"; {faults.Count - 1} wrong" : ", each once; order by key kept"));
        return faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
