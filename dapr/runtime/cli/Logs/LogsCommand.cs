using System.CommandLine;
using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Logs;

/// <summary>`mesh logs`: what services and sidecars said, from the files; with -f what they say now, from the running mesh.</summary>
internal static class LogsCommand
{
    private const int DefaultLines = 100;

    public static Command Create(MeshContext context)
    {
        var service = new Argument<string?>("SERVICE") { Description = "This one only, with all its instances; SERVICE#2 is one of them.", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is said from now on." };
        var count = new Option<int>("--lines", "-n") { Description = "How many lines that were said before.", DefaultValueFactory = _ => DefaultLines };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("logs", "Show what the services and their sidecars said.") { service, follow, count, json, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context,
            DataFolder.At(context.Root, parsed.GetValue(data)),
            parsed.GetValue(service),
            parsed.GetValue(follow),
            parsed.GetValue(count),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        MeshContext context, DataFolder data, string? service, bool follow, int count, bool json, CancellationToken cancellationToken)
    {
        var known = LogArchive.Services(data);
        if (service is not null && !known.Contains(service) && !follow)
            throw new MeshException(
                $"nothing is known of a service '{service}' in {data.Logs}{Suggestion.For(service, known)}.", ExitCode.Usage);

        var painter = new LogPainter(
            context.Out, Colour.Wanted(Console.IsOutputRedirected), known.Append(service ?? "").Max(name => name.Length));
        void Show(LogLine line)
        {
            if (json)
                context.Out.WriteLine(JsonSerializer.Serialize(line, ControlJson.Default.LogLine));
            else
                painter.Write(line);
        }

        foreach (var line in LogArchive.Last(data, service is null ? known : known.Where(name => LogArchive.IsOf(name, service)), count))
            Show(line);
        await context.Out.FlushAsync(cancellationToken);
        if (!follow)
            return ExitCode.Done;

        using var mesh = new ControlClient(data);
        await foreach (var text in mesh.LinesAsync("/logs?service=" + Uri.EscapeDataString(service ?? ""), cancellationToken))
        {
            Show(JsonSerializer.Deserialize(text, ControlJson.Default.LogLine)!);
            await context.Out.FlushAsync(cancellationToken);
        }

        return ExitCode.Done;
    }
}
