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

        var counts = status.Services.Any(service => service.Events is not null);
        Table.Print(
            output,
            ["service", "state", "address", "sidecar", "ready in", "restarts", "waiting", .. counts ? ["handled", "late", "twice"] : Array.Empty<string>()],
            status.Services.Select(service => (string[])
            [
                service.Service,
                service.State,
                service.Address,
                service.SidecarPort.ToString(CultureInfo.InvariantCulture),
                service.HealthyAfterMs is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0} ms") : "-",
                service.Restarts.ToString(CultureInfo.InvariantCulture),
                service.Waiting.ToString(CultureInfo.InvariantCulture),
                .. counts ? Counts(service.Events) : [],
            ]));
        if (counts && status.PublishedTwice is > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nPublished again with an id that the broker had already, and kept once: {status.PublishedTwice}"));
        foreach (var service in status.Services.Where(service => service.Page is not null))
            output.WriteLine($"\nThe page of {service.Service}: {service.Page}");
        foreach (var problem in status.Services.Select(service => service.Problem).OfType<string>())
            output.WriteLine("\n" + problem);
        output.WriteLine();
        output.Flush();
    }

    private static string[] Counts(EventCounts? events) => events is null
        ? ["-", "-", "-"]
        : [.. new[] { events.Handled, events.Late, events.Twice }.Select(count => count.ToString(CultureInfo.InvariantCulture))];
}
