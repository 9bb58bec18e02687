using System.CommandLine;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Status;

namespace HmsMesh.Cli.Lifecycle;

/// <summary>`mesh stop`, `start` and `restart`: one service of the running mesh.</summary>
internal static class LifecycleCommand
{
    public static Command Stop(MeshContext context) =>
        Create(context, "stop", "Stop a service once the deliveries under way are done, then its sidecar; its events wait in the broker.", healthyWanted: false);

    public static Command Start(MeshContext context) =>
        Create(context, "start", "Start a service again, where it was, and wait until it is healthy.", healthyWanted: true);

    public static Command Restart(MeshContext context) =>
        Create(context, "restart", "Stop a service, then start it.", healthyWanted: true);

    private static Command Create(MeshContext context, string verb, string description, bool healthyWanted)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service's app id, for all its instances; SERVICE#2 is one of them." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command(verb, description) { service, json, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(service)!;
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            var status = await mesh.ReadAsync(
                HttpMethod.Post, $"/services/{Uri.EscapeDataString(name)}/{verb}", ControlJson.Default.MeshStatus, cancellationToken);
            StatusPrinter.Print(context.Out, status, parsed.GetValue(json));
            var problem = status.Services.Where(one => LogArchive.IsOf(one.Service, name)).Select(one => one.Problem).FirstOrDefault(text => text is not null);
            if (healthyWanted && problem is not null)
                throw new MeshException(problem);
            return ExitCode.Done;
        });
        return command;
    }
}
