using System.Diagnostics;
using HmsMesh.Shared;
using HmsMesh.Testing.Hosting;

namespace HmsMesh.Kit.Tests;

/// <summary>The sample service as a process of its own, to be killed.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly List<string> _log = [];
    private Process _process;

    private ServiceProcess(Uri address, string[] arguments)
    {
        Address = address;
        _arguments = arguments;
        _process = Run();
    }

    public Uri Address { get; }

    public static async Task<ServiceProcess> StartAsync(TestDatabase database, string sidecar)
    {
        var port = FreePorts.Take();
        var service = new ServiceProcess(
            new Uri($"http://127.0.0.1:{port}"),
            ["service", "--APP_ID=sample", $"--APP_PORT={port}", $"--DAPR_HTTP_ENDPOINT={sidecar}", $"--ConnectionStrings:Database={database.ConnectionString}"]);
        await service.HealthyAsync();
        return service;
    }

    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async Task KillAndStartAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _process = Run();
        await HealthyAsync();
    }

    public async Task<int> TerminateAsync(TimeSpan within)
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(within);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private Process Run()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Add(line.Data ?? "");
        }
    }

    private async Task HealthyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        await Eventually.BeAsync(
            async () =>
            {
                if (_process.HasExited)
                {
                    lock (_log)
                    {
                        throw new InvalidOperationException("The service ended: " + string.Join("\n", _log.TakeLast(20)));
                    }
                }

                try
                {
                    return (await http.GetAsync("/healthz")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the service is healthy",
            30);
    }
}
