using System.CommandLine;
using HmsMesh.Cli.Generate;
using HmsMesh.Cli.Generate.Files;

namespace HmsMesh.Cli.New;

/// <summary>`mesh new`: a service that builds, runs and has a test, and is in the mesh at the next `up`.</summary>
internal static class NewCommand
{
    private static readonly string[] Languages = ["csharp", "node", "python"];

    public static Command Create(MeshContext context)
    {
        var name = new Argument<string>("name") { Description = "Its app id and folder, such as meal-plans." };
        var hears = new Option<string[]>("--hears")
        {
            Description = "Topics that it hears; * at the end stands for all that are said now.",
            HelpName = "TOPIC",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var says = new Option<string?>("--says") { Description = "The topic that it says when it has heard one (default: NAME.<what it heard>.noted).", HelpName = "TOPIC" };
        var language = new Option<string>("--language") { Description = "csharp, node or python.", DefaultValueFactory = _ => Languages[0] };
        var command = new Command("new", "Make a service that hears a topic, with its contract and a test.") { name, hears, says, language };
        command.SetAction(parsed => Run(context, parsed.GetValue(name)!, parsed.GetValue(hears)!, parsed.GetValue(says), parsed.GetValue(language)!));
        return command;
    }

    public static int Run(MeshContext context, string name, IReadOnlyList<string> hears, string? says, string language = "csharp")
    {
        if (!Languages.Contains(language))
            throw new MeshException($"--language knows no '{language}'{Suggestion.For(language, Languages)}; it knows {string.Join(", ", Languages)}.", ExitCode.Usage);
        var before = Generator.Run(context.Root);
        if (before.Mesh is null || before.Problems.Count > 0)
        {
            foreach (var problem in before.Problems)
                context.Error.WriteLine(problem);
            throw new MeshException("the services' files have faults; mend them first, nothing was made.", ExitCode.Usage);
        }

        var service = NewServiceRequest.Check(context, before.Mesh, name, hears, says);
        var isCSharp = language == Languages[0];
        var solution = isCSharp ? new SolutionFile(Path.Combine(context.Root, "HmsMesh.sln")) : null;
        var files = (isCSharp ? NewServiceFiles.Of(service) : NewScriptFiles.Of(service, language)).ToList();
        GeneratedTree.Apply(context.Root, files.Select(file => new Difference(file.Path, file.Content, 1, "", "")));
        solution?.Add("services", service.AppId, service.ProjectName, $"services/{service.AppId}/{service.ProjectName}.csproj");
        solution?.Add("tests", service.AppId, service.TestProjectName, $"tests/{service.AppId}/{service.TestProjectName}.csproj");
        solution?.Save();
        foreach (var file in files)
            context.Out.WriteLine($"wrote {file.Path}");

        var code = GenerateCommand.Run(context, check: false);
        if (code == ExitCode.Done)
            context.Out.WriteLine($"{service.AppId} is in the mesh at the next 'mesh up'; '{TestCommand(service, language)}' runs its test.");
        return code;
    }

    private static string TestCommand(NewService service, string language) =>
        language == Languages[0] ? $"mesh test {service.AppId}" : NewScriptFiles.TestCommand(service, language);
}
