using System.Diagnostics;

namespace HmsMesh.Cli.Test;

/// <summary>Runs one test project's executable and reads what it counted.</summary>
internal sealed class TestRun(TestOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>No project may take longer; one that hangs is ended and counts as failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan LongLimit = TimeSpan.FromHours(6);

    public async Task<TestTally> RunAsync(TestProject project, CancellationToken cancellationToken)
    {
        var executable = project.Executable(options.Root, strict: !options.Quick);
        if (!File.Exists(executable))
        {
            await output.WriteLineAsync($"{project.Folder}: not built, {executable} is missing");
            return TestTally.Broken;
        }

        var report = Path.Combine(Path.GetDirectoryName(executable)!, "report.xml");
        File.Delete(report);
        var began = time.GetTimestamp();
        var exitCode = await ExecuteAsync(executable, report, cancellationToken);
        if (TestReport.Read(report) is not var (tally, skips))
        {
            await output.WriteLineAsync($"{project.Folder}: ended with {exitCode} and left no report");
            return TestTally.Broken;
        }

        if (exitCode != 0 && tally.Failed == 0)
        {
            await output.WriteLineAsync($"{project.Folder}: ended with {exitCode} though no test failed");
            tally += TestTally.Broken;
        }

        foreach (var skip in skips)
        {
            await output.WriteLineAsync($"  skipped {skip}");
        }

        await output.WriteLineAsync($"tests/{project.Folder}: {tally} in {time.GetElapsedTime(began).TotalSeconds:0.0} s");
        return tally;
    }

    private async Task<int> ExecuteAsync(string executable, string report, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(executable) { WorkingDirectory = options.Root };
        foreach (var argument in (string[])["-noLogo", "-noColor", "-xml", report])
        {
            start.ArgumentList.Add(argument);
        }

        if (options.Long)
        {
            start.Environment["MESH_LONG"] = "1";
        }

        if (options.Quick)
        {
            start.ArgumentList.Add("-trait-");
            start.ArgumentList.Add("Category=Slow");
        }

        if (options.Filter is { } filter)
        {
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add(filter);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Long ? LongLimit : Limit);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            await output.WriteLineAsync($"{executable} took longer than {(options.Long ? LongLimit : Limit).TotalMinutes} minutes and was ended");
            return -1;
        }
    }
}
