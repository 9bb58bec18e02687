using System.CommandLine;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;

namespace HmsMesh.Cli.Browse;

/// <summary>`mesh browse`: reads the log.</summary>
internal static class BrowseCommand
{
    private const int Default = 100;

    public static Command Create(MeshContext context)
    {
        var topic = new Argument<string>("TOPIC") { Description = "Such as claim.approved, or APP.dead for dead letters." };
        var from = new Option<string?>("--from") { Description = $"From this time on: {TimeText.Help}.", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Up to this time.", HelpName = "TIME" };
        var offset = new Option<long?>("--offset") { Description = "From this offset on.", HelpName = "N" };
        var key = new Option<string?>("--key") { Description = "Only events with this key (partitionKey, else subject)." };
        var limit = new Option<int>("--limit") { Description = $"At most so many (0: all).", HelpName = "N", DefaultValueFactory = _ => Default };
        var dataOnly = new Option<bool>("--data-only") { Description = "Print the event's data alone, one a line." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("browse", "Show the events of a topic as the broker's log holds them, oldest first. Works whether a mesh runs or not.")
        {
            topic, from, until, offset, key, limit, dataOnly, json, data,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var view = BrokerFolder.Look(context, parsed.GetValue(data));
            var choice = new EventChoice(
                parsed.GetValue(topic)!,
                parsed.GetValue(from) is { } first ? TimeText.Parse(first, "--from", context.Time) : null,
                parsed.GetValue(until) is { } last ? TimeText.Parse(last, "--until", context.Time) : null,
                parsed.GetValue(key),
                parsed.GetValue(offset) ?? 0);
            var many = parsed.GetValue(limit);
            Action<StoredEvent> print = parsed.GetValue(dataOnly) ? one => context.Out.WriteLine(Show.Data(Payload(one)))
                : parsed.GetValue(json) ? one => context.Out.WriteLine(JsonSerializer.Serialize(Of(one), BrokerJson.Default.BrowsedEvent))
                : one => Print(context.Out, one);
            return Task.FromResult(BrokerFolder.Told(() => Run(context, view, choice, many, print, cancellationToken)));
        });
        return command;
    }

    private static int Run(
        MeshContext context, LogView view, EventChoice choice, int limit, Action<StoredEvent> print, CancellationToken cancellationToken)
    {
        var shown = 0;
        foreach (var one in choice.Read(view, cancellationToken))
        {
            if (limit > 0 && shown == limit)
            {
                context.Error.WriteLine($"mesh: there are more; go on with --offset {one.Offset}, or see more with --limit");
                return ExitCode.Done;
            }

            print(one);
            shown++;
        }

        if (shown == 0)
            context.Error.WriteLine($"mesh: no event of {choice.Topic} is kept that this asks for{Meant(view, choice.Topic, cancellationToken)}; 'mesh topics' shows what is");
        return ExitCode.Done;
    }

    private static string Meant(LogView view, string topic, CancellationToken cancellationToken)
    {
        var known = view.Topics(cancellationToken).Select(one => one.Topic).ToList();
        return known.Contains(topic, StringComparer.Ordinal) ? "" : $", nor any other{Suggestion.For(topic, known)}";
    }

    private static void Print(TextWriter output, StoredEvent one)
    {
        var dead = one.DeadLetter is { } letter ? $"  [dead: {letter.Consumer} on {letter.Topic} after {letter.Tries} tries: {letter.Cause}]" : "";
        output.WriteLine($"{one.Offset}  {Show.Time(one.Time)}  {one.Key ?? "-"}  {one.Id ?? "-"}{dead}  {Show.Data(Payload(one))}");
    }

    /// <summary>What a CloudEvent carries; the whole where it is none.</summary>
    private static ReadOnlyMemory<byte> Payload(StoredEvent one) =>
        Show.Json(one.Data) is { ValueKind: JsonValueKind.Object } envelope && envelope.TryGetProperty("specversion", out _)
            ? envelope.TryGetProperty("data", out var data) ? JsonSerializer.SerializeToUtf8Bytes(data, BrokerJson.Default.JsonElement) : ReadOnlyMemory<byte>.Empty
            : one.Data;

    private static BrowsedEvent Of(StoredEvent one)
    {
        var json = Show.Json(one.Data);
        return new(one.Offset, one.Time, one.Topic, one.PubSub, one.Key, one.Id, one.Source, one.Publisher, one.DeadLetter, json, json is null ? one.Data.ToArray() : null);
    }
}
