using System.CommandLine;
using System.Text;
using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Supervision;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Publish;

/// <summary>`mesh publish`: checks the contract here, then says the event through the mesh's own sidecar.</summary>
internal static class PublishCommand
{
    public static Command Create(MeshContext context)
    {
        var topic = new Argument<string>("TOPIC") { Description = "Such as afrh.capacity.low." };
        var json = new Argument<string>("JSON") { Description = "The event's data; - reads it from stdin." };
        var subject = new Option<string?>("--subject") { Description = "Instead of what the contract takes from the data." };
        var id = new Option<string?>("--id") { Description = "Instead of a new one; the same id is the same event." };
        var asJson = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("publish", "Check data against its topic's contract and publish it; prints the event's id.")
        {
            topic, json, subject, id, asJson, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(json)!;
            if (text == "-")
                text = await context.In.ReadToEndAsync(cancellationToken);
            var (contract, checkedData) = Check(context, parsed.GetValue(topic)!, text);

            // The event's time begins once the way to the mesh is open: what this program takes to start is not the event's age.
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            await mesh.StatusAsync(cancellationToken);
            var made = CloudEventFactory.Create(contract, checkedData, MeshPlan.OwnAppId, context.Time.GetUtcNow());
            var own = parsed.GetValue(id);
            made = made with { Subject = parsed.GetValue(subject) ?? made.Subject, Id = own ?? made.Id, CorrelationId = own ?? made.CorrelationId };
            await Publishing.SendAsync(mesh, made, cancellationToken);
            context.Out.WriteLine(parsed.GetValue(asJson) ? Encoding.UTF8.GetString(CloudEventJson.Write(made)) : made.Id);
            return ExitCode.Done;
        });
        return command;
    }

    private static (Contract Contract, JsonElement Data) Check(MeshContext context, string topic, string text)
    {
        var contract = TopicContracts.Find(context, topic);
        var fault = StrictJson.Parse(Encoding.UTF8.GetBytes(text), ContractLimits.DataBytes, out var data);
        var faults = fault is null ? contract.Check(data).Faults : [fault];
        return faults.Count == 0
            ? (contract, data)
            : throw new MeshException($"the data breaks the contract of {topic}: {string.Join("; ", faults)}", ExitCode.ContractBroken);
    }
}
