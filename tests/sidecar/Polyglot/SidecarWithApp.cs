using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using HmsMesh.Shared;

namespace HmsMesh.Sidecar.Tests.Polyglot;

/// <summary>`mesh sidecar ... -- COMMAND` as a process, with the app behind it.</summary>
internal sealed class SidecarWithApp : IAsyncDisposable
{
    private static readonly string Root =
        typeof(SidecarWithApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private SidecarWithApp(Process process, int port)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    private static string Mesh => Path.Combine(Root, "dapr", "runtime", "cli", "bin", "mesh");

    /// <summary>A program of the tests' folder.</summary>
    public static string Program(string name) => Path.Combine(Root, "tests", "sidecar", "Polyglot", name);

    /// <summary>Starts it in a folder that it shares with others, with nothing configured but resources.</summary>
    public static SidecarWithApp Start(string appId, string folder, string resources, params ReadOnlySpan<string> command)
    {
        if (!File.Exists(Mesh))
        {
            Assert.Skip("the mesh command is not built: run ./mesh");
        }

        var port = FreePorts.Take();
        var start = new ProcessStartInfo(Mesh) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (ReadOnlySpan<string>)
            [
                "sidecar", "--app-id", appId, "--app-port", Text(FreePorts.Take()), "--dapr-http-port", Text(port), "--resources-path", resources, "--", .. command,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["POLYGLOT_SECRET"] = "told by nobody";
        return new(Process.Start(start)!, port);
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
            {
                Assert.Fail($"The sidecar is not ready:\n{Log()}");
            }

            try
            {
                if ((await Http.GetAsync("/v1.0/healthz", cancellationToken)).StatusCode == HttpStatusCode.NoContent)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            // As Ctrl-C would: it ends its app with it.
            using var kill = Process.Start("kill", ["-TERM", Text(_process.Id)]);
            await kill.WaitForExitAsync(CancellationToken.None);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
