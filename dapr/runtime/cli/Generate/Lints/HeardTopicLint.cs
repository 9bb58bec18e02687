using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>Whatever is heard is said by someone, and its contract is taken from there.</summary>
internal sealed class HeardTopicLint : ILint
{
    public IEnumerable<Problem> Check(MeshModel mesh) =>
        from service in mesh.Services
        from heard in service.Hears
        from problem in Check(mesh, service, heard)
        select problem;

    private static IEnumerable<Problem> Check(MeshModel mesh, ServiceModel service, Heard heard)
    {
        var topics = mesh.WrittenOut(heard).ToList();
        if (topics.Count == 0)
        {
            yield return heard.Source.Fault(
                $"{service.AppId} hears {heard.Pattern}, which no service says", $"there is {string.Join(", ", mesh.Topics)}; or write the service that says it first");
            yield break;
        }

        if (!TopicName.IsPattern(heard.Pattern))
        {
            if (heard.Source.File == service.Source.File && service.Says.All(said => said.Topic != heard.Pattern) && !TopicName.IsDeadLetter(heard.Pattern))
            {
                yield return heard.Source.Fault(
                    $"describes {heard.Pattern}, which is another service's",
                    $"refer to it: '$ref: ../<service>/asyncapi.yaml#/channels/{heard.Pattern}'");
            }

            yield break;
        }

        // A pattern that lists messages says what its handlers know: a topic that joins later is found here, not by a lost event.
        if (heard.Messages.Count == 0)
            yield break;
        foreach (var topic in topics.Except(heard.Messages))
            yield return heard.Source.Fault($"lists messages, but not that of {topic}, for which {heard.Pattern} stands too", "refer to its message and handle it, or name the topics one by one");
        foreach (var topic in heard.Messages.Except(topics))
            yield return heard.Source.Fault($"lists the message of {topic}, for which {heard.Pattern} does not stand", "take it out, or hear it in an operation of its own");
    }
}
