using System.CommandLine;
using System.Globalization;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Status;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Scale;

/// <summary>`mesh scale`: how many instances of a service run.</summary>
internal static class ScaleCommand
{
    public static Command Create(MeshContext context)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service's app id." };
        var count = new Argument<int>("N")
        {
            Description = $"1 to {ServiceGroup.Most}.",
            CustomParser = static given =>
            {
                var text = given.Tokens.Count > 0 ? given.Tokens[0].Value : "";
                if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    given.AddError($"N is a number of instances, 1 to {ServiceGroup.Most}, not '{text}'.");
                return number;
            },
        };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command(
            "scale", "Run N instances of a service, each with its sidecar: they share its events, in order by key, its calls and its data. Fewer than before: the youngest finish what is under way, and end.")
        {
            service, count, json, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (name, wanted) = (parsed.GetValue(service)!, parsed.GetValue(count));
            if (wanted is < 1 or > ServiceGroup.Most)
                throw new MeshException($"a service has 1 to {ServiceGroup.Most} instances, not {wanted}; 'mesh stop {name}' stops it.", ExitCode.Usage);
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            var status = await mesh.ReadAsync(
                HttpMethod.Post,
                string.Create(CultureInfo.InvariantCulture, $"/services/{Uri.EscapeDataString(name)}/scale?to={wanted}"),
                ControlJson.Default.MeshStatus,
                cancellationToken);
            StatusPrinter.Print(context.Out, status, parsed.GetValue(json));
            return status.Services.Any(one => LogArchive.IsOf(one.Service, name) && one.Problem is not null) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }
}
