using System.Diagnostics;
using System.Reflection;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>npm's openid-client, installed beside its package.json. Where Node or the registry is missing, a test is skipped.</summary>
public sealed class OpenIdClient : IAsyncLifetime
{
    private static readonly string[] NoRegistry = ["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "E401", "E403", "E404", "ENEEDAUTH"];
    private static readonly string Folder = Path.Combine(
        typeof(OpenIdClient).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "tests", "services", "Auth", "openid");

    /// <summary>Null where it is there.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (!IsOnPath("node") || !IsOnPath("npm"))
        {
            Missing = "Node is not installed; with it, openid-client drives auth";
            return;
        }

        // npm leaves its own lock file in node_modules when an installation is complete; it is as new as what it was made from.
        var done = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (done.Exists && done.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (code, output) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "", patience.Token);
        if (code != 0 && NoRegistry.Any(sign => output.Contains(sign, StringComparison.Ordinal)))
            Missing = "npm reaches no registry; with one, openid-client drives auth";
        else
            code.ShouldBe(0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>The steps that went well.</returns>
    public async Task<IReadOnlyList<string>> DriveAsync(string given, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var (code, output) = await RunAsync("node", ["drive.mjs"], given, patience.Token);
        code.ShouldBe(0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
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

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
