using System.Globalization;
using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Up;

/// <summary>`mesh up --timings`: each service's start beside that of a bare program in the same run.</summary>
internal static class Timings
{
    public static void Print(TextWriter output, MeshStatus status, StartCost bare)
    {
        var rows = status.Services.Select(service => Row(service.Service, service.HealthyAfterMs, service.CpuUntilHealthyMs, bare));
        Table.Print(
            output,
            ["start until healthy", "time", "CPU", "of bare"],
            rows.Append(Row("a bare Kestrel program", bare.Wall.TotalMilliseconds, bare.Cpu.TotalMilliseconds, bare)));
        output.WriteLine();
        output.Flush();
    }

    private static string[] Row(string name, double? wall, double? cpu, StartCost bare) =>
    [
        name,
        Milliseconds(wall),
        Milliseconds(cpu),
        cpu is null || bare.Cpu == TimeSpan.Zero ? "-" : string.Create(CultureInfo.InvariantCulture, $"{cpu / bare.Cpu.TotalMilliseconds:0.0} x"),
    ];

    private static string Milliseconds(double? value) => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value:0} ms");
}
