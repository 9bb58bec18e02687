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

        Table.Print(
            output,
            ["service", "state", "address", "sidecar", "ready in", "restarts", "waiting"],
            status.Services.Select(service => new[]
            {
                service.Service,
                service.State,
                service.Address,
                service.SidecarPort.ToString(CultureInfo.InvariantCulture),
                service.HealthyAfterMs is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0} ms") : "-",
                service.Restarts.ToString(CultureInfo.InvariantCulture),
                service.Waiting.ToString(CultureInfo.InvariantCulture),
            }));
        foreach (var service in status.Services.Where(service => service.Page is not null))
            output.WriteLine($"\nThe page of {service.Service}: {service.Page}");
        foreach (var problem in status.Services.Select(service => service.Problem).OfType<string>())
            output.WriteLine("\n" + problem);
        output.WriteLine();
        output.Flush();
    }
}
