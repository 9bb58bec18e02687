using System.Diagnostics;

namespace HmsMesh.Chaos.Tests;

/// <summary>Runs the real command, as a user does, on a data folder of its own.</summary>
internal static class Chaos
{
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        RunAsync(static (_, _) => Task.CompletedTask, arguments);

    /// <param name="meanwhile">Done while the command runs, with its data folder; cancelled when it has ended.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Func<string, CancellationToken, Task> meanwhile, params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("chaos-");
        try
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mesh"), ["chaos", .. arguments, "--data", data.FullName])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var doing = meanwhile(data.FullName, ended.Token);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                return (process.ExitCode, output, await errors);
            }
            finally
            {
                await ended.CancelAsync();
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }

                await doing;
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
