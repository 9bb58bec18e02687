using HmsMesh.Cli.Generate.Lints;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.New;

/// <summary>Checks what `mesh new` is asked for against the mesh that is there.</summary>
internal static class NewServiceRequest
{
    public static NewService Check(MeshContext context, MeshModel mesh, string name, IReadOnlyList<string> hears, string? says)
    {
        CheckName(context, name);
        var topics = hears.SelectMany(pattern => Topics(mesh, pattern)).Distinct().ToList();
        // Types of the program itself, beside which a record may not stand.
        var taken = new HashSet<string>(StringComparer.Ordinal) { "Log", "Program" };
        var heard = new List<NewEvent>();
        foreach (var topic in topics)
        {
            var (owner, said) = mesh.Services.SelectMany(s => s.Says.Select(e => (s.AppId, e))).Single(pair => pair.e.Topic == topic);
            var type = Words.TypeOf(topic, taken);
            taken.Add(type);
            var contract = ContractRecord.Read(Path.Combine(context.Root, said.Contract));
            heard.Add(new NewEvent(topic, type, owner, said.Source.Pointer.Split('/')[^1], contract.Fields, contract.Example));
        }

        var own = CheckSaid(mesh, says ?? $"{name}.{topics[0].Split('.')[^2]}.noted");
        return new NewService
        {
            AppId = name,
            AppPort = Next(mesh, service => service.AppPort),
            DaprHttpPort = Next(mesh, service => service.DaprHttpPort),
            Hears = heard,
            Says = new NewEvent(own, Words.TypeOf(own, taken), name, own, ["string EventId"], ""),
        };
    }

    private static void CheckName(MeshContext context, string name)
    {
        if (AppName.FaultOf(name) is { } fault)
            throw new MeshException($"'{name}' can be no service's name: {fault}.", ExitCode.Usage);
        var taken = ServiceFolders.Tops.Append("tests").Select(top => $"{top}/{name}").FirstOrDefault(folder => Directory.Exists(Path.Combine(context.Root, folder)));
        if (taken is not null)
            throw new MeshException($"{taken} is there already; choose another name, or delete the folder first.", ExitCode.Usage);
    }

    private static List<string> Topics(MeshModel mesh, string pattern)
    {
        if (!TopicName.IsValid(pattern) && !TopicName.IsValidPattern(pattern))
            throw new MeshException($"'{pattern}' is neither a topic nor topics by a * at the end: {TopicName.Rule}.", ExitCode.Usage);
        var topics = mesh.Topics.Where(topic => TopicName.Matches(pattern, topic)).ToList();
        return topics.Count > 0
            ? topics
            : throw new MeshException(
                $"no service says {pattern}{Suggestion.For(pattern, mesh.Topics)}; there {(mesh.Topics.Count == 1 ? "is" : "are")} {string.Join(", ", mesh.Topics)}.", ExitCode.Usage);
    }

    private static string CheckSaid(MeshModel mesh, string topic)
    {
        if (!TopicName.IsValid(topic))
            throw new MeshException($"'{topic}' is no topic that can be said: {TopicName.Rule}.", ExitCode.Usage);
        if (!TopicVerbLint.HoldsVerb(topic))
            throw new MeshException($"the topic {topic} ends with no verb; name what happened or what shall, such as claim.approved or permit.issue.", ExitCode.Usage);
        return mesh.Services.FirstOrDefault(service => service.Says.Any(said => said.Topic == topic)) is { } owner
            ? throw new MeshException($"{topic} is said by {owner.AppId} already; a topic is one service's.", ExitCode.Usage)
            : topic;
    }

    private static int Next(MeshModel mesh, Func<ServiceModel, int> port)
    {
        var used = mesh.Services.SelectMany(service => new[] { service.AppPort, service.DaprHttpPort }).ToHashSet();
        var next = mesh.Services.Max(port) + 1;
        while (used.Contains(next))
            next++;
        return next;
    }
}
