using System.CommandLine;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Status;

/// <summary>`mesh status`: who runs, and how.</summary>
internal static class StatusCommand
{
    public static Command Create(MeshContext context)
    {
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("status", "Show each service: its state, address, restarts, the events that wait for it, and how many it handled, late or twice.") { json, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            StatusPrinter.Print(context.Out, await mesh.StatusWithCountsAsync(cancellationToken), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }
}
