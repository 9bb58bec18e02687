using System.CommandLine;

namespace HmsMesh.Cli.Generate;

/// <summary>`mesh generate`: subscriptions, topic scopes and dapr.yaml from the services' asyncapi.yaml.</summary>
internal static class GenerateCommand
{
    public static Command Create(MeshContext context)
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; fail where a file is not as it would be written." };
        var command = new Command("generate", "Write components/ and dapr/ from each service's asyncapi.yaml, and lint the contracts.") { check };
        command.SetAction(parsed => Run(context, parsed.GetValue(check)));
        return command;
    }

    public static int Run(MeshContext context, bool check)
    {
        var result = Generator.Run(context.Root);
        foreach (var problem in result.Problems)
            context.Error.WriteLine(problem);
        if (result.Problems.Count > 0)
        {
            context.Error.WriteLine($"mesh: {Count(result.Problems.Count, "fault")} in the services' files, nothing was written");
            return ExitCode.Usage;
        }

        if (!check)
        {
            GeneratedTree.Apply(context.Root, result.Differences);
            foreach (var difference in result.Differences)
                context.Out.WriteLine($"{(difference.Wanted is null ? "removed" : "wrote")} {difference.Path}");
            context.Out.WriteLine($"{Count(result.Files, "file")}, {result.Differences.Count} changed");
            return ExitCode.Done;
        }

        foreach (var difference in result.Differences)
            context.Error.WriteLine(difference);
        if (result.Differences.Count == 0)
        {
            context.Out.WriteLine($"{Count(result.Files, "file")}, none differs");
            return ExitCode.Done;
        }

        context.Error.WriteLine($"mesh: {Count(result.Differences.Count, "file")} not as 'mesh generate' makes them; run it");
        return ExitCode.Failed;
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
