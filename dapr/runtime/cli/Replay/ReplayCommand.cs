using System.CommandLine;
using HmsMesh.Cli.BrokerData;

namespace HmsMesh.Cli.Replay;

/// <summary>`mesh replay`: sends events of the log again to one app.</summary>
internal static class ReplayCommand
{
    public static Command Create(MeshContext context)
    {
        var topic = new Argument<string>("TOPIC") { Description = "Such as claim.approved; APP.dead sends dead letters to the handlers of their own topics." };
        var to = new Option<string>("--to") { Description = "The app that gets them, and nobody else.", HelpName = "APP", Required = true };
        var from = new Option<string?>("--from") { Description = $"From this time on: {TimeText.Help}. Needed, but for dead letters.", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Up to this time.", HelpName = "TIME" };
        var key = new Option<string?>("--key") { Description = "Only events with this key." };
        var again = new Option<bool>("--again")
        {
            Description = "Under new ids, with the old one in 'replayof', so that a handler does again what it has done. Without it, it answers 'already handled'.",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Send without asking. Where nobody can be asked and this is not given, nothing is sent." };
        var wait = new Option<int>("--wait") { Description = "How many seconds to wait for the handler's answers.", DefaultValueFactory = _ => 30 };
        var pubSub = new Option<string?>("--pubsub") { Description = "The component, where the topic is heard on several." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("replay", "Send events of the log again to one app. Shows first what it would send, asks, and tells then what the handler answered.")
        {
            topic, to, from, until, key, again, yes, wait, pubSub, json, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(topic)!;
            if (parsed.GetValue(from) is null && !name.EndsWith(".dead", StringComparison.Ordinal))
                throw new MeshException($"from when on? --from TIME: {TimeText.Help}.", ExitCode.Usage);
            var choice = new EventChoice(
                name,
                parsed.GetValue(from) is { } first ? TimeText.Parse(first, "--from", context.Time) : null,
                parsed.GetValue(until) is { } last ? TimeText.Parse(last, "--until", context.Time) : null,
                parsed.GetValue(key),
                0);
            var run = new ReplayRun(context, parsed.GetValue(data), choice, parsed.GetValue(again))
            {
                Wait = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(wait), 0, 86_400)),
                Json = parsed.GetValue(json),
                Yes = parsed.GetValue(yes),
            };
            return await run.RunAsync(parsed.GetValue(to)!, parsed.GetValue(pubSub), cancellationToken);
        });
        return command;
    }
}
