using System.CommandLine;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>`mesh chaos disk`.</summary>
internal static class DiskCommand
{
    public static Command Create(MeshContext context)
    {
        var damages = ChaosOptions.Count("--damages", "How many times a closed folder is damaged", least: 0, usual: 5_000);
        var fills = ChaosOptions.Count("--fills", "How many times the disk is filled", least: 0, usual: 20);
        return ChaosOptions.Command(
            context,
            "disk",
            "Fill the disk under a broker: publishes are refused by name, handled progress is kept, and it goes on with room. Then flip, tear and remove bytes of a " +
            "closed folder at random: each damage is harmless or refused with its file and byte, never accepted in silence, and mended with a true account of the loss. Exit code 1 where that is not so.",
            [damages, fills],
            (parsed, run, cancellationToken) => RunAsync(run, parsed.GetValue(fills), parsed.GetValue(damages), cancellationToken));
    }

    private static async Task<int> RunAsync(ChaosRun run, int fills, int damages, CancellationToken cancellationToken)
    {
        var (context, folder) = (run.Context, run.Folder);
        var report = new DiskReport { Seed = run.Seed };
        await context.Error.WriteLineAsync($"mesh: filling the disk {fills} times and damaging a folder {damages} times, seed {report.Seed}");
        if (fills > 0)
        {
            using var disk = SmallDisk.Make(Path.Combine(folder.Path, "small"), FullDiskRun.Size);
            report.Disk = disk.Kind;
            await new FullDiskRun(disk, new Random(report.Seed), context.Time, report).RunAsync(fills, cancellationToken);
        }

        var damaged = Path.Combine(folder.Path, "damaged");
        if (report.Wrong.Count == 0)
            await new DamageRun(damaged, report.Seed, context.Time, report).RunAsync(damages, cancellationToken);
        if (run.Json)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(report, ChaosJson.Default.DiskReport));
        else
            await context.Out.WriteLineAsync(Text(report));
        foreach (var wrong in report.Wrong)
            await context.Error.WriteLineAsync($"mesh: {wrong}");
        if (report.Wrong.Count == 0)
            return ExitCode.Done;
        folder.Keep();
        await context.Error.WriteLineAsync($"mesh: 'mesh chaos disk --seed {report.Seed}' repeats it; the folder is kept in {folder.Evidence}");
        return ExitCode.Failed;
    }

    private static string Text(DiskReport report) =>
        $"full {report.TimesFull} times ({report.Disk}): acknowledged {report.Acknowledged}, found {report.Found}, refused {report.Refused}, " +
        $"handled while full {report.HandledWhileFull}\n" +
        $"damaged {report.Damages} times: harmless {report.Harmless}, refused at opening {report.RefusedAtOpening}, refused when read {report.RefusedAtReading}, " +
        $"accepted in silence {report.Wrong.Count(static one => one.StartsWith("accepted in silence", StringComparison.Ordinal))}\n" +
        $"mended {report.Mended}, with {report.LostInRepair} events lost to the damage, each one named";
}
