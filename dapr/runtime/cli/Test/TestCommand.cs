using System.CommandLine;

namespace HmsMesh.Cli.Test;

/// <summary>`mesh test`: builds, runs every test project, and closes with one line of counts.</summary>
internal static class TestCommand
{
    public static Command Create(MeshContext context)
    {
        var quick = new Option<bool>("--quick") { Description = "Leave out tests of the category Slow, and build as 'mesh up' does, without analyzers." };
        var full = new Option<bool>("--long") { Description = "Chaos and properties in their full sizes, which takes hours." };
        var filter = new Option<string?>("--filter") { Description = "Run test methods with this name; * stands for anything." };
        var projects = new Argument<string[]>("project") { Description = "Folders below tests/ (all, where none is named).", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("test", "Run every test; the last line says how many passed, failed and were skipped.") { quick, full, filter, projects };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new TestOptions(context.Root, parsed.GetValue(quick), parsed.GetValue(projects) ?? [], parsed.GetValue(filter)) { Long = parsed.GetValue(full) },
            context.Out, context.Time, cancellationToken));
        return command;
    }

    /// <returns>0 where something ran and nothing failed.</returns>
    public static async Task<int> RunAsync(TestOptions options, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var all = TestProject.Find(options.Root);
        var unknown = options.Projects.Where(name => all.All(p => p.Folder != name)).ToList();
        if (unknown.Count > 0)
        {
            throw new MeshException(
                $"no test project is named {string.Join(", ", unknown)}; there are {string.Join(", ", all.Select(p => p.Folder))}",
                ExitCode.Usage);
        }

        var projects = options.Projects.Count == 0 ? all : [.. all.Where(p => options.Projects.Contains(p.Folder))];
        var tally = await new TestBuild(options, output).RunAsync(projects, cancellationToken)
            ? await RunAllAsync(projects, new TestRun(options, output, time), cancellationToken)
            : TestTally.Broken;
        await output.WriteLineAsync(tally.ToString());
        return tally is { Failed: 0, Passed: > 0 } ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<TestTally> RunAllAsync(IReadOnlyList<TestProject> projects, TestRun run, CancellationToken cancellationToken)
    {
        // One after another: tests start processes of their own and bound times.
        var tally = default(TestTally);
        foreach (var project in projects)
        {
            tally += await run.RunAsync(project, cancellationToken);
        }

        return tally;
    }
}
