using System.Globalization;
using System.Text.Json;
using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Status;

/// <summary>The table of services, or the same as JSON.</summary>
internal static class StatusPrinter
{
    public static void Print(TextWriter output, MeshStatus status, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(status, ControlJson.Default.MeshStatus));
            return;
        }

        var isolated = status.Services.Any(service => service.SidecarPid is not null);
        var counts = status.Services.Any(service => service.Events is not null);
        Table.Print(
            output,
            ["service", "state", "address", "sidecar", .. isolated ? ["pid", "sidecar's"] : Array.Empty<string>(), "ready in", "restarts", "waiting", .. counts ? ["handled", "late", "twice"] : Array.Empty<string>()],
            status.Services.Select(service => (string[])
            [
                service.Service,
                service.Circuits is null && service.Breakers is null ? service.State : service.State + ", circuit open",
                service.Address,
                service.SidecarPort.ToString(CultureInfo.InvariantCulture),
                .. isolated ? [Text(service.Pid), Text(service.SidecarPid)] : Array.Empty<string>(),
                service.HealthyAfterMs is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0} ms") : "-",
                service.SidecarRestarts == 0 ? Text(service.Restarts) : $"{Text(service.Restarts)}, sidecar {Text(service.SidecarRestarts)}",
                service.Waiting.ToString(CultureInfo.InvariantCulture),
                .. counts ? Counts(service.Events) : [],
            ]));
        if (counts && status.PublishedTwice is > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nPublished again with an id that the broker had already, and kept once: {status.PublishedTwice}"));
        foreach (var service in status.Services.Where(service => service.Page is not null))
            output.WriteLine($"\nThe page of {service.Service}: {service.Page?.TrimEnd('/')}");
        foreach (var service in status.Services.Where(service => service is { EnvironmentFile: not null, State: "awaited" }))
            output.WriteLine(Invitation(service));
        foreach (var service in status.Services)
        {
            Circuits(output, service);
            Breakers(output, service);
        }

        foreach (var problem in status.Services.Select(service => service.Problem).Append(status.OwnSidecar?.Problem).OfType<string>())
            output.WriteLine("\n" + problem);
        output.WriteLine();
        output.Flush();
    }

    private static void Circuits(TextWriter output, ServiceStatus service)
    {
        foreach (var circuit in service.Circuits ?? [])
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\nThe circuit {circuit.Policy} of {service.Service} ({circuit.Target}) is open since {circuit.Since:yyyy-MM-dd HH:mm:ss}Z{(circuit.OnTrial ? ", and a try decides now" : "")}."));
        }
    }

    private static void Breakers(TextWriter output, ServiceStatus service)
    {
        foreach (var breaker in service.Breakers ?? [])
            output.WriteLine($"\nThe breaker of {service.Service} before {breaker.Name} is open{(breaker.OnTrial ? ", and a call decides now" : "")}: what needs it waits.");
    }

    private static string Invitation(ServiceStatus service) =>
        $"""

        {service.Service} waits for the process that you start; its events wait too. What it needs is in {service.EnvironmentFile}:
            set -a; . '{service.EnvironmentFile}'; set +a; dotnet run --project services/{service.Service}
        In VS Code's launch.json it is "envFile": "{service.EnvironmentFile}"; other IDEs take such a file too.
        """;

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string[] Counts(EventCounts? events) => events is null
        ? ["-", "-", "-"]
        : [.. new[] { events.Handled, events.Late, events.Twice }.Select(count => count.ToString(CultureInfo.InvariantCulture))];
}
