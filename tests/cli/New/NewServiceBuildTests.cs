using System.Diagnostics;
using HmsMesh.Cli.New;
using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.New;

/// <summary>A service as `mesh new` makes it, in a copy of this clone: it builds as CI builds, and its test passes.</summary>
[Trait("Category", "Slow")]
public sealed class NewServiceBuildTests : IDisposable
{
    private static readonly string[] NotSource = ["bin", "obj", "artifacts", "node_modules"];
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan TestPatience = TimeSpan.FromMinutes(3);

    private readonly string _root = Directory.CreateTempSubdirectory("mesh-new-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task New_Service_BuildsStrictlyAndItsTestPasses()
    {
        Copy(new DirectoryInfo(Repository.Root), _root);
        using var output = new StringWriter();
        NewCommand.Run(new MeshContext { Root = _root, Out = output, Error = output }, "weather", ["afrh.capacity.*"], says: null)
            .ShouldBe(ExitCode.Done, output.ToString());

        await RunAsync(
            "dotnet", ["build", "tests/weather", "-c", "Release", "-p:Strict=true", "-v", "q", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"], BuildPatience);
        await RunAsync(Path.Combine(_root, "artifacts/strict/bin/HmsMesh.Weather.Tests/HmsMesh.Weather.Tests"), [], TestPatience);
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        // Folders with a dot hold the repository's own data and that of a mesh which may be running.
        foreach (var folder in from.GetDirectories().Where(folder => !NotSource.Contains(folder.Name) && !folder.Name.StartsWith('.')))
            Copy(folder, Path.Combine(to, folder.Name));
    }

    private async Task RunAsync(string program, IEnumerable<string> arguments, TimeSpan within)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(within);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            process.ExitCode.ShouldBe(0, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
