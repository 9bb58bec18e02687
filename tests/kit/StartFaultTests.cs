using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Kit.Tests;

/// <summary>A service that cannot start says why in one line, not by a stack trace.</summary>
public class StartFaultTests
{
    [Theory]
    [InlineData("lost cannot start: no contract names the topic shift.lost: put contracts/shift.lost.json beside the service that says it.", "--APP_ID=lost")]
    [InlineData("cannot start: APP_ID: 'a b' is no app id", "--APP_ID=a b")]
    [InlineData("cannot start: APP_PORT: 'many' is no port.", "--APP_ID=sample", "--APP_PORT=many")]
    [InlineData("cannot start: MESH_DATA: the folder cannot be made", "--APP_ID=sample", "--APP_PORT=0", "--MESH_DATA=/dev/null/x")]
    [InlineData("cannot start: the database (PostgreSQL 127.0.0.1/d) cannot be used", "--APP_ID=sample", "--APP_PORT=0", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d")]
    [InlineData("cannot start: ConnectionStrings__Database cannot be used", "--APP_ID=sample", "--APP_PORT=0", "--ConnectionStrings:Database=Host=127.0.0.1;Prot=1")]
    public async Task Start_OfWhatCannotRun_IsOneClearLine(string line, params string[] arguments)
    {
        var (code, error, output) = await RunAsync(arguments);

        code.ShouldBe(1);
        error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain(line);
        output.ShouldNotContain("   at ");
        (error + output).ShouldNotContain("secret");
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_IsOneClearLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var folder = Directory.CreateTempSubdirectory("kit-");

        var (code, error, output) = await RunAsync("--APP_ID=sample", $"--APP_PORT={port}", $"--MESH_DATA={folder.FullName}");

        code.ShouldBe(1);
        error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain($"sample cannot start: APP_PORT: Failed to bind to address http://127.0.0.1:{port}: address already in use");
        output.ShouldNotContain("   at ");
        folder.Delete(recursive: true);
    }

    private static async Task<(int Code, string Error, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["service", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await error, await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
