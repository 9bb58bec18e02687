using System.CommandLine;
using System.Text.Json;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>`mesh bench` without a name: start, memory, publish, delivery, invocation and state of one sidecar, or of two by turns.</summary>
internal static class SidecarBenchCommand
{
    private const int MostSeconds = 600;
    private const int MostConnections = 1024;
    private static readonly string[] Own = [Environment.ProcessPath!, "sidecar"];

    public static void AddTo(Command bench, MeshContext context)
    {
        var sidecar = new Option<string?>("--sidecar") { Description = "The sidecar to measure, such as 'daprd' (default: this mesh's own).", HelpName = "CMD" };
        var against = new Option<string?>("--against") { Description = "Another one, measured by turns with it in the same run.", HelpName = "CMD" };
        var component = new Option<FileInfo?>("--component") { Description = "The pub/sub component for --sidecar, named pubsub; DIR in it is a fresh folder (default: pubsub.embedded for this mesh's sidecar, pubsub.in-memory for another).", HelpName = "FILE" };
        var againstComponent = new Option<FileInfo?>("--against-component") { Description = "The same for --against.", HelpName = "FILE" };
        var seconds = new Option<double>("--seconds") { Description = $"How long each measure takes, up to {MostSeconds}.", DefaultValueFactory = _ => 5 };
        var connections = new Option<int>("--connections") { Description = $"Calls under way at once, up to {MostConnections}.", DefaultValueFactory = _ => 16 };
        var only = new Option<string[]>("--only") { Description = $"Measure these alone: {string.Join(", ", SidecarBench.Measures)}.", HelpName = "MEASURE", AllowMultipleArgumentsPerToken = true };
        var json = SharedOptions.Json();
        foreach (var option in new Option[] { sidecar, against, component, againstComponent, seconds, connections, only, json })
            bench.Add(option);
        bench.SetAction((parsed, cancellationToken) =>
        {
            var targets = new List<BenchTarget> { Target(parsed.GetValue(sidecar), parsed.GetValue(component)) };
            if (parsed.GetValue(against) is { } other)
                targets.Add(Target(other, parsed.GetValue(againstComponent)));
            else if (parsed.GetValue(againstComponent) is not null)
                throw new MeshException("--against-component is given without --against.", ExitCode.Usage);
            var load = new Load(
                parsed.GetValue(connections) is >= 1 and <= MostConnections and var many ? many : throw Usage("--connections", MostConnections),
                parsed.GetValue(seconds) is > 0 and <= MostSeconds and var length ? TimeSpan.FromSeconds(length) : throw Usage("--seconds", MostSeconds),
                context.Time);
            return RunAsync(context, targets, load, Chosen(parsed.GetValue(only) ?? []), parsed.GetValue(json), cancellationToken);
        });
    }

    private static MeshException Usage(string option, int most) => new($"{option} takes a number above 0, up to {most}.", ExitCode.Usage);

    private static IReadOnlyList<string> Chosen(string[] asked)
    {
        var names = asked.SelectMany(static one => one.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.FirstOrDefault(name => !SidecarBench.Measures.Contains(name)) is { } unknown)
            throw new MeshException(
                $"--only knows no measure '{unknown}'{Suggestion.For(unknown, SidecarBench.Measures)}; there are {string.Join(", ", SidecarBench.Measures)}.",
                ExitCode.Usage);
        return names.Count == 0 ? SidecarBench.Measures : names;
    }

    private static BenchTarget Target(string? command, FileInfo? component)
    {
        if (component is { Exists: false })
            throw new MeshException($"there is no component file {component.FullName}.", ExitCode.Usage);
        var text = component is null ? command is null ? BenchFolder.EmbeddedPubSub : BenchFolder.InMemoryPubSub : File.ReadAllText(component.FullName);
        var words = command?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? Own;
        if (words.Length == 0)
            throw new MeshException("a sidecar's command is empty.", ExitCode.Usage);

        // It runs in a folder of its own: a path is as seen from here.
        if (words[0].Contains('/'))
            words = [Path.GetFullPath(words[0]), .. words[1..]];
        return new BenchTarget(command ?? "mesh sidecar", words, text);
    }

    private static async Task<int> RunAsync(
        MeshContext context, IReadOnlyList<BenchTarget> targets, Load load, IReadOnlyList<string> measures, bool json, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = BenchCommand.On(System.Runtime.InteropServices.PosixSignal.SIGINT, stop);
        using var terminate = BenchCommand.On(System.Runtime.InteropServices.PosixSignal.SIGTERM, stop);
        var report = await new SidecarBench(context, targets, load).RunAsync(measures, stop.Token);
        if (json)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(report, BenchJson.Default.SidecarReport));
        else
            SidecarTable.Print(context.Out, report);
        return report.Rows.Any(static row => row.Cells.Any(static cell => cell.Bad > 0)) ? ExitCode.Failed : ExitCode.Done;
    }
}
