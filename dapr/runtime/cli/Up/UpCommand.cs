using System.CommandLine;
using System.Globalization;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Up;

/// <summary>`mesh up`: the services, their sidecars and the broker.</summary>
internal static class UpCommand
{
    /// <summary>SECONDS: for who kills again and again what would wait longer each time.</summary>
    public const string LongestBackoff = "--longest-backoff";

    public static Command Create(MeshContext context)
    {
        var services = new Argument<string[]>("SERVICE") { Description = "Run these only.", Arity = ArgumentArity.ZeroOrMore };
        var detach = new Option<bool>("--detach", "-d") { Description = "Return once all are healthy; the mesh runs on ('mesh down' ends it)." };
        var broker = new Option<string>("--broker") { Description = "The folder of components/ to run on.", DefaultValueFactory = _ => "embedded" };
        var port = new Option<string[]>("--port") { Description = "SERVICE=PORT: where a service listens.", Arity = ArgumentArity.ZeroOrMore };
        var timings = new Option<bool>("--timings") { Description = "Compare each service's start with that of a bare Kestrel program." };
        var isolated = new Option<bool>("--isolated") { Description = "Run each sidecar as a process of its own." };
        var external = new Option<string[]>("--external")
        {
            Description = "SERVICE: don't start it; its sidecar waits for a process that you start, such as one in a debugger.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var watch = new Option<bool>("--watch") { Description = "Build a service whose source changes, and start it again." };
        var quiet = new Option<bool>(Detached.Flag) { Hidden = true };
        var backoff = new Option<double?>(LongestBackoff) { Hidden = true };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("up", "Start the mesh and show what it says; Ctrl-C ends it in order.")
        {
            services, detach, broker, isolated, external, watch, port, timings, quiet, backoff, json, data,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new UpRequest
            {
                Services = parsed.GetValue(services) ?? [],
                Broker = parsed.GetValue(broker)!,
                Data = parsed.GetValue(data),
                Isolated = parsed.GetValue(isolated),
                External = parsed.GetValue(external) ?? [],
                Watch = parsed.GetValue(watch),
                LongestBackoff = parsed.GetValue(backoff) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
                Ports = Ports(parsed.GetValue(port) ?? []),
                Timings = parsed.GetValue(timings),
                Json = parsed.GetValue(json),
                Quiet = parsed.GetValue(quiet),
            };
            return parsed.GetValue(detach)
                ? Detached.RunAsync(context, request, cancellationToken)
                : Foreground.RunAsync(context, request, cancellationToken);
        });
        return command;
    }

    private static Dictionary<string, int> Ports(IEnumerable<string> asked)
    {
        var ports = new Dictionary<string, int>();
        foreach (var text in asked)
        {
            var parts = text.Split('=');
            if (parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                throw new MeshException($"--port takes SERVICE=PORT, not '{text}'.", ExitCode.Usage);
            ports[parts[0]] = port;
        }

        return ports;
    }
}
