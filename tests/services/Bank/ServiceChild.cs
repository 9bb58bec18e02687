using System.Diagnostics;
using System.Reflection;
using HmsMesh.Kit.Tests;
using HmsMesh.Shared;
using HmsMesh.Testing.Hosting;

namespace HmsMesh.Services.Tests.Bank;

/// <summary>A service as a process of its own, by its real program, to be killed and started again.</summary>
internal sealed class ServiceChild : IAsyncDisposable
{
    public const string AppToken = "app-token";
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly List<string> _log = [];
    private Process _process;

    private ServiceChild(string name, int port, string[] arguments)
    {
        _program = Path.Combine(Root, "services", name, "bin", name);
        _arguments = [$"--APP_ID={name}", $"--APP_PORT={port}", $"--APP_API_TOKEN={AppToken}", .. arguments];
        Port = port;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Add("dapr-api-token", AppToken);
        _process = Run();
    }

    public int Port { get; }

    public HttpClient Http { get; }

    /// <summary>All that it wrote, over all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    private static string Root =>
        typeof(ServiceChild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static async Task<ServiceChild> StartAsync(string name, string data, int? port = null, params string[] arguments)
    {
        var child = new ServiceChild(name, port ?? FreePorts.Take(), [$"--ConnectionStrings:Database=Data Source={Path.Combine(data, name + ".db")}", .. arguments]);
        await child.HealthyAsync();
        return child;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts it again on its data.</summary>
    public Task RestartAsync()
    {
        _process = Run();
        return HealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Process Run()
    {
        var start = new ProcessStartInfo(_program, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
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
            _log.Add(line.Data ?? "");
    }

    private Task HealthyAsync() => Eventually.BeAsync(
        async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_program} ended: {Log}");
            try
            {
                using var answer = await Http.GetAsync("/healthz");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        $"{_program} is healthy",
        60);
}
