using System.Diagnostics;

namespace HmsMesh.Chaos.Tests;

/// <summary>Runs the real command, as a user does, on a data folder of its own.</summary>
internal static class Chaos
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
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
            try
            {
                var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                return (process.ExitCode, output, await errors);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
