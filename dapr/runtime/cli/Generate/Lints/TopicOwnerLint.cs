using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>A topic is said by exactly one service, in one operation.</summary>
internal sealed class TopicOwnerLint : ILint
{
    public IEnumerable<Problem> Check(MeshModel mesh) =>
        from topic in mesh.Services.SelectMany(service => service.Says.Select(said => (service.AppId, Said: said))).GroupBy(said => said.Said.Topic)
        from again in topic.Skip(1)
        select again.Said.Source.Fault(
            $"{again.AppId} says {topic.Key}, which {topic.First().AppId} says already ({topic.First().Said.Source.File}:{topic.First().Said.Source.Line})",
            "leave it to one of them, or give this one a name of its own");
}
