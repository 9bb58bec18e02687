using HmsMesh.Contracts;

namespace HmsMesh.Cli.Publish;

/// <summary>The contracts of all services of the clone: OWNER/contracts/TOPIC.json.</summary>
internal static class TopicContracts
{
    public static Contract Find(MeshContext context, string topic)
    {
        var files = ServiceFolders.In(context.Root)
            .Select(service => Path.Combine(context.Root, service, "contracts"))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"));
        var book = ContractBook.FromFiles(files);
        try
        {
            return book.TryGet(topic, out var contract)
                ? contract
                : throw new MeshException(
                    $"no service has a contract for '{topic}'{Suggestion.For(topic, book.Topics)}; the topics are {string.Join(", ", book.Topics.Order())}.",
                    ExitCode.Usage);
        }
        catch (ContractException problem)
        {
            throw new MeshException($"the contract of {topic} can't be used: {problem.Message}", ExitCode.Usage);
        }
    }
}
