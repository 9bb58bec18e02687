using System.Globalization;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>Takes from an AsyncAPI 3 document what the mesh needs: the topics that its operations send and receive.</summary>
internal sealed class AsyncApiReader(IReadOnlyDictionary<string, Source> documents, ICollection<Problem> problems)
{
    private const int FirstPort = 1024;
    private const int LastPort = 32767;

    /// <returns>Null where the document lacks what makes it a service.</returns>
    public ServiceModel? Read(string app, Source document)
    {
        var before = problems.Count;
        if (document["asyncapi"]?.Text?.StartsWith("3.", StringComparison.Ordinal) != true)
            problems.Add((document["asyncapi"] ?? document).Fault("is not AsyncAPI 3", "begin with 'asyncapi: 3.0.0'"));
        if (document.Find("/info/title")?.Text != app)
            problems.Add((document.Find("/info/title") ?? document).Fault($"/info/title is not the app id '{app}'", $"write 'title: {app}'"));
        var appPort = Port(document, "/x-dapr/appPort");
        var daprPort = Port(document, "/x-dapr/daprHTTPPort");
        var settings = new DaprSettings(document["x-dapr"], documents.Values, problems);
        var says = new List<Said>();
        var hears = new List<Heard>();
        foreach (var (name, operation) in document["operations"]?.Entries ?? [])
        {
            if (Channel(operation) is not { } channel)
                continue;
            switch (operation["action"]?.Text)
            {
                case "send" when Say(app, document, channel) is { } said:
                    says.Add(said);
                    break;
                case "receive" when Hear(channel) is { } heard:
                    hears.Add(heard);
                    break;
                case "send" or "receive":
                    break;
                default:
                    problems.Add((operation["action"] ?? operation).Fault($"operation {name} neither sends nor receives", "write 'action: send' or 'action: receive'"));
                    break;
            }
        }

        return problems.Count == before
            ? settings.Of(new ServiceModel(app, appPort, daprPort, [.. says.OrderBy(s => s.Topic, StringComparer.Ordinal)], hears, document))
            : null;
    }

    private int Port(Source document, string pointer)
    {
        var value = document.Find(pointer);
        if (int.TryParse(value?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= FirstPort and <= LastPort)
            return port;
        problems.Add((value ?? document).Fault($"{pointer} is no port from {FirstPort} to {LastPort}", "write one that no other service has; 'dapr run' uses it"));
        return 0;
    }

    private Source? Channel(Source operation)
    {
        var reference = operation.Find("/channel/$ref");
        if (reference is null)
        {
            problems.Add(operation.Fault("names no channel", "write 'channel: {$ref: \"#/channels/<name>\"}'"));
            return null;
        }

        // A channel of another service is a reference again.
        return Follow(reference) is { } channel ? channel["$ref"] is { } further ? Follow(further) : channel : null;
    }

    private Said? Say(string app, Source document, Source channel)
    {
        var topic = channel["address"]?.Text ?? "";
        if (!TopicName.IsValid(topic))
        {
            problems.Add((channel["address"] ?? channel).Fault($"'{topic}' is no topic that can be said", TopicName.Rule));
            return null;
        }

        if (channel.File != document.File)
        {
            problems.Add(channel.Fault($"is sent by {app} too", "a topic is said by the one service that describes its channel"));
            return null;
        }

        var messages = channel["messages"]?.Entries.ToList() ?? [];
        var contract = messages.Count == 1 ? (messages[0].Value.Find("/payload/schema/$ref") ?? messages[0].Value.Find("/payload/$ref")) : null;
        if (contract?.Text != $"contracts/{topic}.json")
        {
            problems.Add((contract ?? channel).Fault(
                $"{topic} does not have one message with its contract as payload", $"write 'payload: {{$ref: contracts/{topic}.json}}' in its one message"));
            return null;
        }

        return new Said(topic, $"{ServiceModel.FolderOf(document)}/contracts/{topic}.json", channel);
    }

    private Heard? Hear(Source channel)
    {
        var pattern = channel["address"]?.Text ?? "";
        if (!TopicName.IsValid(pattern) && !TopicName.IsValidPattern(pattern) && !TopicName.IsDeadLetter(pattern))
        {
            problems.Add((channel["address"] ?? channel).Fault($"'{pattern}' is neither a topic nor topics by a * at the end", TopicName.Rule));
            return null;
        }

        if (!TopicName.IsPattern(pattern))
            return new Heard(pattern, [], channel);
        var topics = new List<string>();
        foreach (var (_, message) in channel["messages"]?.Entries ?? [])
        {
            if (message["$ref"] is not { } reference || Follow(reference) is not { } target)
            {
                if (message["$ref"] is null)
                    problems.Add(message.Fault("describes a message of its own", "refer to the message of the service that says it"));
                continue;
            }

            // .../channels/<channel>/messages/<message>
            var owner = documents[target.File].Find(string.Join('/', target.Pointer.Split('/').SkipLast(2)));
            topics.Add(owner?["address"]?.Text ?? "");
        }

        return new Heard(pattern, topics, channel);
    }

    private Source? Follow(Source reference)
    {
        var (file, pointer) = (reference.Text ?? "").Split('#') is [var before, var after] ? (before, after) : (reference.Text ?? "", "");
        var path = file.Length == 0 ? reference.File : Normal(reference.File, file);
        var target = path is not null && documents.TryGetValue(path, out var document) ? document.Find(pointer) : null;
        if (target is null)
            problems.Add(reference.Fault($"refers to '{reference.Text}', which is not there", "name a channel or message that a service's asyncapi.yaml describes"));
        return target;
    }

    private static string? Normal(string from, string to)
    {
        var steps = new List<string>(from.Split('/')[..^1]);
        foreach (var step in to.Split('/'))
        {
            if (step == ".." && steps.Count == 0)
                return null;
            if (step == "..")
                steps.RemoveAt(steps.Count - 1);
            else if (step != ".")
                steps.Add(step);
        }

        return string.Join('/', steps);
    }
}
