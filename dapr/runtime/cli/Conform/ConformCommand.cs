using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using HmsMesh.Cli.Bench;
using HmsMesh.Conformance;

namespace HmsMesh.Cli.Conform;

/// <summary>`mesh conform`: drives a sidecar through what was recorded from daprd, and says where it differs.</summary>
internal static class ConformCommand
{
    private const int MostJobs = 16;

    public static Command Create(MeshContext context)
    {
        var sidecar = Text("--sidecar", "CMD", "The sidecar's command, such as 'daprd' (default: this program's own).");
        var sentry = Text("--sentry", "CMD", "The certificate authority's command, for the scenarios with mutual TLS (default: sentry, from the PATH).");
        var redis = Text("--redis", "ADDRESS", "A Redis server to use (default: 127.0.0.1:6379).");
        var nats = Text("--nats", "ADDRESS", "A NATS server with JetStream to use (default: 127.0.0.1:4222).");
        var kafka = Text("--kafka", "ADDRESS", "A Kafka broker to use (default: 127.0.0.1:9092).");
        var logs = Text("--logs", "DIR", "Keep the sidecars' logs in this folder.");
        var jobs = new Option<int>("--jobs") { Description = "Scenarios that run at the same time.", DefaultValueFactory = static _ => 3 };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Tell each scenario as it ends, and each difference of it." };
        var json = SharedOptions.Json();
        var groups = new Argument<string[]>("group")
        {
            Description = "Groups such as state, or scenarios such as state/outbox (all, where none is named).",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(
            "conform",
            "Run the scenarios recorded from daprd against a sidecar and show a matrix: how many are as recorded, which differ and where, and " +
            "which were skipped and why. Exit code 1 where one differs.")
        {
            groups, sidecar, sentry, redis, nats, kafka, jobs, logs, verbose, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(jobs);
            if (count is < 1 or > MostJobs)
                throw new MeshException($"--jobs takes 1 to {MostJobs}, not {count}.", ExitCode.Usage);
            var defaults = new ConformanceOptions { Sidecar = Words(parsed.GetValue(sidecar)) ?? [Environment.ProcessPath!, "sidecar"], Time = context.Time };
            var servers = new Dictionary<string, string>(defaults.Servers, StringComparer.Ordinal);
            foreach (var (name, option) in new[] { ("redis", redis), ("nats", nats), ("kafka", kafka) })
            {
                if (parsed.GetValue(option) is { } address)
                    servers[name] = Address(option.Name, address);
            }

            var options = defaults with
            {
                Sentry = Words(parsed.GetValue(sentry)) ?? defaults.Sentry,
                Servers = servers,
                Jobs = count,
                Logs = parsed.GetValue(logs),
            };
            return RunAsync(context, options, parsed.GetValue(groups) ?? [], parsed.GetValue(verbose), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        MeshContext context, ConformanceOptions options, string[] groups, bool verbose, bool json, CancellationToken cancellationToken)
    {
        var scenarios = Find(context, groups);
        if (!ConformanceOptions.CanRun(options.Sidecar))
            throw new MeshException($"there is no program '{options.Sidecar[0]}' to run as the sidecar.", ExitCode.Usage);

        // Their sidecars and apps end with the run, however it ends.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = BenchCommand.On(PosixSignal.SIGINT, stop);
        using var terminate = BenchCommand.On(PosixSignal.SIGTERM, stop);
        var progress = verbose ? new ConformProgress(json ? context.Error : context.Out) : null;
        var matrix = ConformMatrix.Of(string.Join(' ', options.Sidecar), await new ConformanceRunner(options).RunAsync(scenarios, progress, stop.Token));
        if (json)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(matrix, ConformJson.Default.ConformMatrix));
        else
            ConformPrinter.Print(context.Out, matrix, verbose);
        return matrix.Scenarios.Any(static scenario => scenario.Outcome == ConformOutcome.Differs) ? ExitCode.Failed : ExitCode.Done;
    }

    private static IReadOnlyList<Scenario> Find(MeshContext context, string[] groups)
    {
        var folder = Path.Combine(context.Root, "tests", "conformance", "scenarios");
        if (!Directory.Exists(folder))
            throw new MeshException($"the recorded scenarios are not in {folder}; run this in a clone.", ExitCode.Usage);
        var all = ScenarioFiles.Load(folder);
        var unknown = groups.FirstOrDefault(group => !all.Any(scenario => Belongs(scenario, group)));
        if (unknown is not null)
        {
            var names = all.Select(static scenario => scenario.Name.Split('/')[0]).Distinct(StringComparer.Ordinal).ToList();
            throw new MeshException($"there is no group or scenario '{unknown}'{Suggestion.For(unknown, names)}; the groups are {string.Join(", ", names)}.", ExitCode.Usage);
        }

        return groups.Length == 0 ? all : [.. all.Where(scenario => groups.Any(group => Belongs(scenario, group)))];
    }

    private static bool Belongs(Scenario scenario, string group) =>
        scenario.Name == group || scenario.Name.StartsWith($"{group.TrimEnd('/')}/", StringComparison.Ordinal);

    private static Option<string?> Text(string name, string shape, string description) => new(name) { Description = description, HelpName = shape };

    private static string[]? Words(string? command) =>
        command?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : null;

    private static string Address(string option, string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), out _)
            ? address
            : throw new MeshException($"{option} takes an address such as 127.0.0.1:6379, not '{address}'.", ExitCode.Usage);
    }
}
