using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using HmsMesh.Cli.Bench.Sidecars;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Bench;

/// <summary>`mesh bench`: what a sidecar does on this machine, and `mesh bench afrh`: how long an event takes to those who hear it.</summary>
internal static class BenchCommand
{
    private const int DefaultEvents = 200;
    private const int MostEvents = 100_000;

    public static Command Create(MeshContext context)
    {
        var bench = new Command(
            "bench",
            "Measure a sidecar on this machine: start, memory, publish, delivery, invocation and state, each beside a plain program in the same " +
            "run, and beside another sidecar where one is named. 'mesh bench afrh' measures the whole mesh. Exit code 1 where a call failed.")
        {
            Afrh(context),
        };
        SidecarBenchCommand.AddTo(bench, context);
        return bench;
    }

    private static Command Afrh(MeshContext context)
    {
        var events = new Option<int>("--events") { Description = $"How many events, 2 to {MostEvents}; an odd number takes one more.", DefaultValueFactory = _ => DefaultEvents };
        var json = SharedOptions.Json();
        var data = new Option<string?>("--data") { Description = "Measure the mesh that runs on this data folder (default: one of its own).", HelpName = "DIR" };
        var command = new Command(
            "afrh",
            "Publish afrh.capacity.low and .restored by turns, each once all have reacted to the one before, and show the milliseconds from " +
            "saying an event to its acceptance on disk, to the commit of each reaction and to the page's stream. Exit code 1 where one is missing.")
        {
            events, json, data,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(events);
            if (count is < 2 or > MostEvents)
                throw new MeshException($"--events takes 2 to {MostEvents}, not {count}.", ExitCode.Usage);
            return RunAsync(context, count + (count % 2), parsed.GetValue(data), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(MeshContext context, int events, string? data, bool json, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = On(PosixSignal.SIGINT, stop);
        using var terminate = On(PosixSignal.SIGTERM, stop);

        await using var own = data is null ? await OwnMesh.StartAsync(context, stop.Token) : null;
        await using var bench = await AfrhBench.OpenAsync(context, own?.Data ?? DataFolder.At(context.Root, data), stop.Token);
        var report = await bench.RunAsync(events, stop.Token);
        if (json)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
        else
            ReportPrinter.Print(context.Out, report);
        foreach (var missing in report.Missing)
            await context.Error.WriteLineAsync($"mesh: {missing}");
        return report.Missing.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    public static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
