using System.CommandLine;
using HmsMesh.Cli.Generate;
using HmsMesh.Cli.Test;

namespace HmsMesh.Cli;

/// <summary>Every command of `mesh`, and the one way to run them.</summary>
internal static class Commands
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, MeshContext context, CancellationToken cancellationToken = default)
    {
        var parsed = Create(context).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            context.Error.WriteLine($"mesh: {parsed.Errors[0].Message} ('mesh {parsed.CommandResult.Path()}--help' tells more)");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(context.Invocation(), cancellationToken);
        }
        catch (MeshException problem)
        {
            context.Error.WriteLine($"mesh: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The table of contents. A command is a folder with a class that makes it.</summary>
    public static RootCommand Create(MeshContext context)
    {
        var root = new RootCommand("HmsMesh: services that exchange events, their sidecars and their broker.\n\n" + ExitCode.Help);
        root.Add(Up.UpCommand.Create(context));
        root.Add(new Command("sidecar", "One sidecar as a process, with daprd's flags (see 'mesh sidecar --help')."));
        root.Add(GenerateCommand.Create(context));
        root.Add(TestCommand.Create(context));
        return root;
    }
}
