using System.CommandLine;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>`mesh chaos power`.</summary>
internal static class PowerCommand
{
    private const int DefaultRounds = 2000;
    private const int MostRounds = 10_000_000;

    public static Command Create(MeshContext context)
    {
        var rounds = new Option<int>("--rounds") { Description = $"How many cuts of the power, 1 to {MostRounds}.", DefaultValueFactory = _ => DefaultRounds };
        var seed = ChaosOptions.Seed();
        var lie = new Option<bool>("--lying-disk") { Description = "The disk says that it synced and does not: the run must find losses and end with 1." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command(
            "power",
            "Record every write, sync and rename of a broker at work, rebuild the disk as a power cut at random points leaves it, open it and count: " +
            "every acknowledged event there, handled progress kept, order by key kept, dead letters once each. Exit code 1 where a number is wrong.")
        {
            rounds, seed, lie, json, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(rounds);
            if (count is < 1 or > MostRounds)
                throw new MeshException($"--rounds takes 1 to {MostRounds}, not {count}.", ExitCode.Usage);
            using var folder = ChaosFolder.Make(context, parsed.GetValue(data), "power");
            var chaos = new PowerChaos(folder.Path, context.Time, parsed.GetValue(lie));
            return await RunAsync(context, chaos, folder.Evidence, count, parsed.GetValue(seed) ?? ChaosOptions.RandomSeed(), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        MeshContext context, PowerChaos chaos, string evidence, int rounds, int seed, bool json, CancellationToken cancellationToken)
    {
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
                    $"mesh: {faults.Count - 1} wrong with seed {seed}: 'mesh chaos power --seed {seed}' repeats it; the disk after the cut is kept in {evidence}");
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
        await context.Out.WriteLineAsync(json
            ? JsonSerializer.Serialize(counts, ChaosJson.Default.PowerCounts)
            : $"{counts.Cuts} power cuts in {seconds:0} s: acknowledged {counts.Acknowledged}, found {counts.Found}, past retention {counts.Trimmed}, " +
              $"lost {counts.Lost}; delivered {counts.Delivered}, progress kept of {counts.ProgressKept}, dead letters {counts.DeadLetters}" +
              (faults.Count > 0 ? $"; {faults.Count - 1} wrong" : ", each once; order by key kept"));
        return faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
