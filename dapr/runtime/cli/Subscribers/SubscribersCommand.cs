using System.CommandLine;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Subscribers;

/// <summary>`mesh subscribers`: who hears what, and how far behind.</summary>
internal static class SubscribersCommand
{
    public static Command Create(MeshContext context)
    {
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("subscribers", "Show who hears each topic, how many events wait for it, are being tried again, and died. Works whether a mesh runs or not.")
        {
            json, data, Forget(context),
        };
        command.SetAction((parsed, _) => Task.FromResult(Run(context, parsed.GetValue(data), parsed.GetValue(json))));
        return command;
    }

    private static int Run(MeshContext context, string? data, bool json)
    {
        using var view = BrokerFolder.Look(context, data);
        var subscribers = BrokerFolder.Told(view.Subscribers).OrderBy(static one => one.Consumer, StringComparer.Ordinal)
            .ThenBy(static one => one.Topic, StringComparer.Ordinal).ToList();
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(new SubscribersAnswer(view.Head, subscribers), BrokerJson.Default.SubscribersAnswer));
            return ExitCode.Done;
        }

        Table.Print(context.Out, ["app", "topic", "component", "waiting", "retrying", "dead", "done up to"], subscribers.Select(static one => (string[])
            [one.Consumer, one.Topic, one.PubSub, Show.Number(one.Lag), Show.Number(one.Retrying), Show.Number(one.Dead), Show.Number(one.Mark)]));
        return ExitCode.Done;
    }

    private static Command Forget(MeshContext context)
    {
        var app = new Argument<string>("APP") { Description = "An app that will not come back, or shall begin anew." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask." };
        var data = SharedOptions.Data();
        var command = new Command("forget", "Keep nothing for an app any more, on all its topics: what waits for it is never delivered.") { app, yes, data };
        command.SetAction((parsed, cancellationToken) =>
            ForgetAsync(context, parsed.GetValue(app)!, parsed.GetValue(data), parsed.GetValue(yes), cancellationToken));
        return command;
    }

    private static async Task<int> ForgetAsync(MeshContext context, string app, string? data, bool yes, CancellationToken cancellationToken)
    {
        List<SubscriberStatus> known;
        using (var view = BrokerFolder.Look(context, data))
        {
            var all = BrokerFolder.Told(view.Subscribers);
            known = [.. all.Where(one => one.Consumer == app)];
            if (known.Count == 0)
                throw new MeshException($"no app '{app}' hears anything{Suggestion.For(app, all.Select(one => one.Consumer))}; 'mesh subscribers' shows who does.");
        }

        if (!yes && !Question.Ask(context, $"Forget {app}, and the {known.Sum(static one => one.Lag)} events that wait for it on {known.Count} topics?"))
        {
            await context.Error.WriteLineAsync("mesh: nothing was forgotten");
            return ExitCode.Failed;
        }

        await using var broker = await BrokerFolder.OpenAsync(context, BrokerFolder.Of(DataFolder.At(context.Root, data)), cancellationToken);
        try
        {
            var forgotten = await broker.ForgetAsync(app, cancellationToken);
            await context.Error.WriteLineAsync($"mesh: {app} is forgotten on {forgotten} topics");
            return ExitCode.Done;
        }
        catch (BrokerException problem)
        {
            throw new MeshException(problem.Message);
        }
    }
}
