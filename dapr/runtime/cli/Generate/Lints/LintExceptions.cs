using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>services/lint-exceptions.yaml: what a lint lets pass, each with its reason.</summary>
internal sealed class LintExceptions(IReadOnlySet<(string Lint, string Topic, string Pointer)> exceptions)
{
    public const string File = "services/lint-exceptions.yaml";

    public static LintExceptions Read(string root, ICollection<Problem> problems)
    {
        var found = new HashSet<(string, string, string)>();
        if (!System.IO.File.Exists(Path.Combine(root, File)) || Source.Read(root, File, problems) is not { } source)
            return new LintExceptions(found);
        foreach (var item in source["exceptions"]?.Items ?? [])
        {
            var (lint, topic, reason) = (item["lint"]?.Text, item["topic"]?.Text, item["reason"]?.Text);
            if (lint is not (TopicVerbLint.Name or PersonalFieldLint.Name))
                problems.Add((item["lint"] ?? item).Fault($"'{lint}' is no lint that has exceptions", $"write {TopicVerbLint.Name} or {PersonalFieldLint.Name}"));
            else if (string.IsNullOrWhiteSpace(topic))
                problems.Add(item.Fault("names no topic", "write 'topic: <name>'"));
            else if (string.IsNullOrWhiteSpace(reason))
                problems.Add(item.Fault($"gives no reason why {topic} is an exception", "write 'reason: <a sentence>'"));
            else if (lint == PersonalFieldLint.Name && string.IsNullOrWhiteSpace(item["field"]?.Text))
                problems.Add(item.Fault("names no field", "write 'field: <JSON pointer in the contract>', such as /properties/siteName"));
            else
                found.Add((lint, topic, item["field"]?.Text ?? ""));
        }

        return new LintExceptions(found);
    }

    public bool Cover(Problem problem) => problem is { Lint: { } lint, Topic: { } topic } &&
        exceptions.Contains((lint, topic, lint == PersonalFieldLint.Name ? problem.Pointer : ""));
}
