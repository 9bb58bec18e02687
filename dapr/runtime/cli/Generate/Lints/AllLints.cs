using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>Every rule, and the exceptions from them.</summary>
internal static class AllLints
{
    private static readonly ILint[] Lints =
    [
        new TopicOwnerLint(),
        new HeardTopicLint(),
        new TopicVerbLint(),
        new PortLint(),
        new RetryBudgetLint(),
        new ContractLint(),
    ];

    public static IReadOnlyList<Problem> Check(MeshModel mesh)
    {
        var problems = new List<Problem>();
        var exceptions = LintExceptions.Read(mesh.Root, problems);
        problems.AddRange(Lints.SelectMany(lint => lint.Check(mesh)).Where(problem => !exceptions.Cover(problem)));
        return problems;
    }
}
