using System.CommandLine;
using HmsMesh.Cli.Backup;
using HmsMesh.Cli.Bench;
using HmsMesh.Cli.Browse;
using HmsMesh.Cli.Call;
using HmsMesh.Cli.Chaos;
using HmsMesh.Cli.Conform;
using HmsMesh.Cli.Down;
using HmsMesh.Cli.Lifecycle;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.New;
using HmsMesh.Cli.Publish;
using HmsMesh.Cli.Repair;
using HmsMesh.Cli.Replay;
using HmsMesh.Cli.Reset;
using HmsMesh.Cli.Scale;
using HmsMesh.Cli.Restore;
using HmsMesh.Cli.Status;
using HmsMesh.Cli.Subscribers;
using HmsMesh.Cli.Token;
using HmsMesh.Cli.Topics;
using HmsMesh.Cli.Up;
using HmsMesh.Cli.Watch;
using HmsMesh.Cli.Generate;
using HmsMesh.Cli.Test;

namespace HmsMesh.Cli;

/// <summary>Every command of `mesh`, and the one way to run them.</summary>
internal static class Commands
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, MeshContext context, CancellationToken cancellationToken = default)
    {
        // Who types `mesh` alone wants to know what there is.
        var parsed = Create(context).Parse(args is [] ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            await context.Error.WriteLineAsync($"mesh: {Fault(parsed)} ('mesh {parsed.CommandResult.Path()}--help' tells more)");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(context.Invocation(), cancellationToken);
        }
        catch (MeshException problem)
        {
            await context.Error.WriteLineAsync($"mesh: {problem.Message}");
            return problem.ExitCode;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"mesh: {problem.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static string Fault(ParseResult parsed)
    {
        var commands = parsed.CommandResult.Command.Subcommands.Select(command => command.Name).ToList();
        if (parsed.UnmatchedTokens is [var first, ..] && commands.Count > 0)
            return $"there is no command '{first}'{Suggestion.For(first, commands)}";
        var missing = parsed.CommandResult.Command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0));
        return missing is null ? parsed.Errors[0].Message : $"{missing.Name} is missing: {missing.Description?.TrimEnd('.')}";
    }

    /// <summary>The table of contents. A command is a folder with a class that makes it.</summary>
    public static RootCommand Create(MeshContext context)
    {
        var root = new RootCommand("HmsMesh: services that exchange events, their sidecars and their broker.\n\n" + ExitCode.Help);
        root.Add(UpCommand.Create(context));
        root.Add(DownCommand.Create(context));
        root.Add(StatusCommand.Create(context));
        root.Add(LogsCommand.Create(context));
        root.Add(LifecycleCommand.Stop(context));
        root.Add(LifecycleCommand.Start(context));
        root.Add(LifecycleCommand.Restart(context));
        root.Add(ScaleCommand.Create(context));
        root.Add(PublishCommand.Create(context));
        root.Add(WatchCommand.Create(context));
        root.Add(CallCommand.Create(context));
        root.Add(TokenCommand.Create(context));
        root.Add(new Command("sidecar", "One sidecar as a process, with daprd's flags (see 'mesh sidecar --help')."));
        root.Add(NewCommand.Create(context));
        root.Add(GenerateCommand.Create(context));
        root.Add(TestCommand.Create(context));
        root.Add(BenchCommand.Create(context));
        root.Add(ConformCommand.Create(context));
        root.Add(ChaosCommand.Create(context));
        root.Add(TopicsCommand.Create(context));
        root.Add(SubscribersCommand.Create(context));
        root.Add(BrowseCommand.Create(context));
        root.Add(ReplayCommand.Create(context));
        root.Add(RepairCommand.Create(context));
        root.Add(BackupCommand.Create(context));
        root.Add(RestoreCommand.Create(context));
        root.Add(ResetCommand.Create(context));
        return root;
    }
}
