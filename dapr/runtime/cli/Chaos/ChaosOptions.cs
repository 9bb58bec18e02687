using System.CommandLine;
using System.Runtime.InteropServices;

namespace HmsMesh.Cli.Chaos;

/// <summary>What the chaos commands have in common.</summary>
internal static class ChaosOptions
{
    public const int Most = 10_000_000;

    /// <summary>How many of something, at most ten millions.</summary>
    public static Option<int> Count(string name, string what, int least, int usual)
    {
        var option = new Option<int>(name) { Description = $"{what}, {least} to {Most}.", DefaultValueFactory = _ => usual };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is var count && (count < least || count > Most))
                given.AddError($"{name} takes {least} to {Most}, not {count}.");
        });
        return option;
    }

    /// <summary>A command with a seed and a folder of its own for each run.</summary>
    public static Command Command(
        MeshContext context, string name, string description, IReadOnlyList<Option> own, Func<ParseResult, ChaosRun, CancellationToken, Task<int>> run)
    {
        var seed = new Option<int?>("--seed") { Description = "Repeat the random choices of an earlier run (default: a new one, printed)." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command(name, description);
        foreach (var option in own.Concat([seed, json, data]))
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var interrupt = On(PosixSignal.SIGINT, stop);
            using var terminate = On(PosixSignal.SIGTERM, stop);
            using var folder = ChaosFolder.Make(context, parsed.GetValue(data), name);
            var chaos = new ChaosRun(context, folder, parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000_000), parsed.GetValue(json));
            return await run(parsed, chaos, stop.Token);
        });
        return command;
    }

    /// <summary>A signal ends the run in order: what it mounted, started and wrote goes with it.</summary>
    private static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            ThreadPool.QueueUserWorkItem(_ => stop.Cancel());
        });
}
