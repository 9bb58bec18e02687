using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HmsMesh.Chaos.Tests;

/// <summary>A run that is told to end leaves nothing: no folder, no mount, no process.</summary>
public partial class InterruptTests
{
    private const int Terminate = 15;

    // Not SIGINT, which a shell in the background takes from its children; the run treats both alike.
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("power", "--rounds", "10000000")]
    [InlineData("disk", "--fills", "10000000", "--damages", "0")]
    [InlineData("disk", "--fills", "0", "--damages", "10000000")]
    [InlineData("kill9", "--publish", "10000000")]
    [InlineData("payout", "--claims", "10000000")]
    public async Task Signal_DuringARun_EndsWith130AndLeavesNoFolder(params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("chaos-");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mesh"), ["chaos", .. arguments, "--data", data.FullName])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            // It says what it does once its folder is there.
            (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
            var folder = Path.Combine(data.FullName, "chaos");
            while (!Directory.Exists(folder) || Directory.GetDirectories(folder) is not [var run] || !Directory.EnumerateFileSystemEntries(run).Any())
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);

            Kill(process.Id, Terminate).ShouldBe(0);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.ShouldBe(130, errors);
            Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            data.Delete(recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
