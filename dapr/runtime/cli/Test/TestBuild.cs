using System.Diagnostics;

namespace HmsMesh.Cli.Test;

/// <summary>Builds what is tested: all of it strictly (analyzers, audits, warnings as errors), or in a quick run as users do.</summary>
internal sealed class TestBuild(TestOptions options, TextWriter output)
{
    public async Task<bool> RunAsync(IReadOnlyList<TestProject> projects, CancellationToken cancellationToken)
    {
        if (options.Quick)
        {
            return await DotnetAsync(["build", Path.Combine(options.Root, "tests", "tests.proj"), .. Common], projects, cancellationToken);
        }

        return await DotnetAsync(["build", Path.Combine(options.Root, "HmsMesh.sln"), "-p:Strict=true", .. Common], projects, cancellationToken)
            && await DotnetAsync(["format", "whitespace", options.Root, "--folder", "--verify-no-changes",
                "--exclude", "artifacts", "tests/conformance/scenarios"], projects, cancellationToken);
    }

    private static string[] Common => ["-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"];

    private async Task<bool> DotnetAsync(IReadOnlyList<string> arguments, IReadOnlyList<TestProject> projects, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync("dotnet " + string.Join(' ', arguments.Take(2)) + (options.Quick ? "" : " (strict)"));
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = options.Root };
        start.Environment["TEST_PROJECTS"] = string.Join(';', projects.Select(p => p.File));
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0;
    }
}
