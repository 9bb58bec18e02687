using System.Diagnostics;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>AsyncAPI's parser and ajv, installed by npm beside their package.json. Where Node or the registry is missing, a test is skipped.</summary>
public sealed class NodeTools : IAsyncLifetime
{
    private static readonly string[] NoRegistry = ["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "E401", "E403", "E404", "ENEEDAUTH"];
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "cli", "asyncapi");

    /// <summary>Null where the tools are there.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        if (OnPath("node") is null || OnPath("npm") is null)
        {
            Missing = "Node is not installed; with it, AsyncAPI's own parser checks the files";
            return;
        }

        // npm leaves its own lock file in node_modules when an installation is complete; it is as new as what it was made from.
        var done = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (done.Exists && done.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            return;
        var (code, output) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], patience.Token);
        if (code != 0 && NoRegistry.Any(sign => output.Contains(sign, StringComparison.Ordinal)))
            Missing = "npm reaches no registry; with one, AsyncAPI's own parser checks the files";
        else
            code.ShouldBe(0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>What check.mjs says of each file, a line each.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var (code, output) = await RunAsync("node", ["check.mjs", .. files], patience.Token);
        code.ShouldBe(0, output);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{'))];
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
