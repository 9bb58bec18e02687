using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Watch;

/// <summary>`mesh watch`: each event as the broker takes it.</summary>
internal static class WatchCommand
{
    public static Command Create(MeshContext context)
    {
        var pattern = new Argument<string>("TOPIC")
        {
            Description = "A topic, or a pattern such as 'afrh.*' (* stands for anything).",
            DefaultValueFactory = _ => "*",
        };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("watch", "Show each event as it passes, until Ctrl-C.") { pattern, json, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            await foreach (var line in mesh.LinesAsync("/watch?topic=" + Uri.EscapeDataString(parsed.GetValue(pattern)!), cancellationToken))
            {
                context.Out.WriteLine(
                    parsed.GetValue(json) ? line : Show(JsonSerializer.Deserialize(line, ControlJson.Default.WatchedEvent)!));
                context.Out.Flush();
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Show(WatchedEvent seen)
    {
        var time = seen.Time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var subject = seen.Subject is null ? "" : $" of {seen.Subject}";
        var dead = seen.DeadBecause is null ? "" : $" (given up: {seen.DeadBecause})";
        return $"{time} {seen.Topic} {seen.Id} from {seen.Source}{subject}{dead} {seen.Data}";
    }
}
