using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using HmsMesh.Cli.Processes;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>`mesh sidecar` as a process.</summary>
public sealed partial class SidecarCommandTests : IDisposable
{
    private const int Interrupt = 2;
    private const int SigKill = 9;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecar-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt)]
    public async Task Signal_WhileRunning_DrainsAndEndsWith0(int signal)
    {
        var port = FreePorts.Take();
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(port), "--resources-path", _folder]);
        await HealthyAsync(process, port);
        Kill(process.Id, signal).ShouldBe(0);
        var (code, said, _) = await EndAsync(process);
        code.ShouldBe(0, said);
        said.ShouldContain("The sidecar has ended");
    }

    [Fact]
    public async Task Signal_WhileTheAppIsAwaited_EndsWith0()
    {
        var port = FreePorts.Take();
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(port), "--app-port", Text(FreePorts.Take())]);
        await UntilAsync(process, port, "/v1.0/healthz/outbound");
        Kill(process.Id, Terminate).ShouldBe(0);
        (await EndAsync(process)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Command_BehindTheFlags_RunsWithTheSidecarsAddressAndEndsIt()
    {
        var port = FreePorts.Take();
        using var process = Start(
            ["--app-id", "app", "--dapr-http-port", Text(port), "--", "sh", "-c", "echo \"app=$APP_ID port=$DAPR_HTTP_PORT\"; exit 7"]);
        var (code, said, _) = await EndAsync(process);
        code.ShouldBe(7, said);
        said.ShouldContain($"app=app port={port}");
    }

    [Theory]
    [InlineData("exit 3", 3, "level=error", "The app 'sh' ended with exit code 3; the sidecar ends with it")]
    [InlineData("kill -9 $$", 137, "level=error", "The app 'sh' was ended by SIGKILL; the sidecar ends with it")]
    [InlineData("exit 0", 0, "level=info", "The app 'sh' ended with exit code 0; the sidecar ends with it")]
    public async Task Command_ThatEnds_IsNamedWithItsEnd(string script, int expected, string level, string line)
    {
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(FreePorts.Take()), "--", "sh", "-c", script]);
        var (code, said, _) = await EndAsync(process);
        code.ShouldBe(expected, said);
        said.Split('\n').ShouldContain(one => one.Contains(line, StringComparison.Ordinal) && one.Contains(level, StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Command_ThatRuns_EndsWithTheSidecar()
    {
        var port = FreePorts.Take();
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(port), "--", "sh", "-c", "trap 'echo app ends; exit 0' TERM; while :; do sleep 0.05; done"]);
        await HealthyAsync(process, port);
        using (var http = new HttpClient())
        {
            (await http.PostAsync($"http://127.0.0.1:{port}/v1.0/shutdown", null, Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        var (code, said, _) = await EndAsync(process);
        code.ShouldBe(0, said);
        said.ShouldContain("app ends");
    }

    [Fact]
    public async Task Command_WhoseSidecarIsKilled_EndsToo()
    {
        var port = FreePorts.Take();
        var pidFile = Path.Combine(_folder, "pid");
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(port), "--", "sh", "-c", $"echo $$ >'{pidFile}.new'; mv '{pidFile}.new' '{pidFile}'; exec sleep 1000"]);
        await Eventually.TrueAsync(() => File.Exists(pidFile), Patience);
        var app = int.Parse(await File.ReadAllTextAsync(pidFile, Token), CultureInfo.InvariantCulture);
        ProcessStamp.Of(app).ShouldNotBeNull();

        Kill(process.Id, SigKill).ShouldBe(0);

        await EndAsync(process);
        await Eventually.TrueAsync(() => ProcessStamp.Of(app) is null, Patience);
    }

    [Theory]
    [InlineData("no-such-program", "not on the PATH")]
    [InlineData("./no/such/program", "no such file")]
    public async Task Command_ThatIsNotThere_EndsWithOneSentence(string program, string said)
    {
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(FreePorts.Take()), "--", program]);
        var end = await EndAsync(process);
        end.Code.ShouldBe(1);
        end.Error.Trim().ShouldStartWith($"mesh sidecar: The app command '{program}' can't be started: ");
        end.Error.ShouldContain(said);
    }

    [Fact]
    public async Task Command_ThatIsNoProgram_EndsWithOneSentence()
    {
        var file = Path.Combine(_folder, "app");
        await File.WriteAllTextAsync(file, "exit 0", Token);
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(FreePorts.Take()), "--", file]);
        var end = await EndAsync(process);
        end.Code.ShouldBe(1);
        end.Error.Trim().ShouldBe($"mesh sidecar: The app command '{file}' can't be started: it is not executable");
    }

    [Theory]
    [InlineData(2, "--nonsense", "--app-id", "app", "--nonsense")]
    [InlineData(2, "--app-id")]
    [InlineData(1, "/nowhere/at/all", "--app-id", "app", "--resources-path", "/nowhere/at/all")]
    public async Task Flags_ThatAreWrong_EndWithOneSentence(int code, string said, params string[] flags)
    {
        using var process = Start(flags);
        var end = await EndAsync(process);
        end.Code.ShouldBe(code);
        var line = end.Error.Trim();
        line.ShouldStartWith("mesh sidecar: ");
        line.ShouldContain(said);
        line.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Help_NamesEveryFlag()
    {
        using var process = Start(["--help"]);
        var said = (await EndAsync(process)).Said;
        foreach (var flag in HmsMesh.Sidecar.SidecarFlags.Names)
            said.Split((char[])[' ', '\n']).ShouldContain($"--{flag}");
        said.ShouldContain("ignored:");
    }

    [Fact]
    public async Task Failure_WithLogAsJson_IsJson()
    {
        using var process = Start(["--app-id", "app", "--log-as-json", "--resources-path", "/nowhere/at/all"]);
        var end = await EndAsync(process);
        end.Code.ShouldBe(1);
        using var line = System.Text.Json.JsonDocument.Parse(end.Error);
        line.RootElement.GetProperty("level").GetString().ShouldBe("fatal");
        line.RootElement.GetProperty("msg").GetString()!.ShouldContain("/nowhere/at/all");
    }

    [Fact]
    public async Task Data_NamesTheFolderWhereSidecarsFindEachOther()
    {
        var port = FreePorts.Take();
        var data = Path.Combine(_folder, "data");
        using var process = Start(["--app-id", "app", "--dapr-http-port", Text(port), "--data", data]);
        await HealthyAsync(process, port);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(data, "names.db")), Patience);
        Kill(process.Id, Terminate).ShouldBe(0);
        (await EndAsync(process)).Code.ShouldBe(0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static Process Start(string[] flags)
    {
        // A runner that was started in the background ignores SIGINT, and what it starts would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "mesh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("sidecar");
        foreach (var flag in flags)
        {
            start.ArgumentList.Add(flag);
        }

        start.Environment.Remove("APP_ID");
        return Process.Start(start)!;
    }

    private static Task HealthyAsync(Process process, int port) => UntilAsync(process, port, "/v1.0/healthz");

    private static async Task UntilAsync(Process process, int port, string path)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        using var http = new HttpClient();
        while (!process.HasExited)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{port}{path}", patience.Token)).StatusCode == HttpStatusCode.NoContent)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        throw new InvalidOperationException($"It ended: {await process.StandardError.ReadToEndAsync(Token)}");
    }

    private static async Task<(int Code, string Said, string Error)> EndAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        try
        {
            var said = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await said, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
