using System.CommandLine;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;

namespace HmsMesh.Cli.Topics;

/// <summary>`mesh topics`: what the log holds.</summary>
internal static class TopicsCommand
{
    public static Command Create(MeshContext context)
    {
        var topic = new Argument<string?>("TOPIC") { Description = "Only this one, and who hears it.", Arity = ArgumentArity.ZeroOrOne };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("topics", "Show each topic of the broker: how many events are kept, from when to when, and what they take. Works whether a mesh runs or not.")
        {
            topic, json, data,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(context, parsed.GetValue(topic), parsed.GetValue(data), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(MeshContext context, string? topic, string? data, bool json, CancellationToken cancellationToken)
    {
        using var view = BrokerFolder.Look(context, data);
        var all = BrokerFolder.Told(() => view.Topics(cancellationToken));
        var shown = topic is null ? all : [.. all.Where(one => one.Topic == topic)];
        var subscribers = topic is null ? null : BrokerFolder.Told(() => view.Subscribers()).Where(one => one.Topic == topic)
            .OrderBy(static one => one.Consumer, StringComparer.Ordinal).ToList();
        if (topic is not null && shown.Count == 0 && subscribers is [])
            throw new MeshException($"the broker knows no topic '{topic}'{Suggestion.For(topic, all.Select(one => one.Topic))}; 'mesh topics' shows all.");
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(
                new TopicsAnswer(view.Folder, view.First, view.Head, view.Bytes, shown, subscribers), BrokerJson.Default.TopicsAnswer));
            return ExitCode.Done;
        }

        Table.Print(context.Out, ["topic", "component", "events", "on disk", "oldest", "newest"], shown.Select(Row));
        if (subscribers is not null)
        {
            context.Out.WriteLine();
            Table.Print(context.Out, ["heard by", "waiting", "retrying", "dead"], subscribers.Select(static one => (string[])
                [one.Consumer, Show.Number(one.Lag), Show.Number(one.Retrying), Show.Number(one.Dead)]));
        }

        return ExitCode.Done;
    }

    private static string[] Row(TopicStatus topic) =>
        [topic.Topic, topic.PubSub, Show.Number(topic.Events), Show.Bytes(topic.Bytes), Show.Time(topic.Oldest), Show.Time(topic.Newest)];
}
