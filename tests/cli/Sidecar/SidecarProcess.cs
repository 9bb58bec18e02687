using System.Diagnostics;
using System.Globalization;
using System.Net;
using HmsMesh.Cli.Tests.Generate;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>`mesh sidecar` as a process, for tests that kill it; it is killed at the latest when it is disposed of.</summary>
internal sealed class SidecarProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private SidecarProcess(Process process, int port)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>The client of its API.</summary>
    public HttpClient Http { get; }

    /// <summary>Over the resources of a folder; returns once it is healthy.</summary>
    /// <param name="app">Whose sidecar it is; null: that of an app that is none.</param>
    public static async Task<SidecarProcess> StartAsync(string folder, OrdersApp? app = null, string appId = "app")
    {
        var port = FreePorts.Take();

        // The command's own folder: beside the tests lies a copy whose native libraries need not be found.
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "dapr", "runtime", "cli", "bin", "mesh")) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] flags =
        [
            "sidecar", "--app-id", appId, "--dapr-http-port", Text(port), "--resources-path", Path.Combine(folder, "resources"),
            .. app is null ? Array.Empty<string>() : ["--app-port", Text(app.Port)],
        ];
        foreach (var flag in flags)
        {
            start.ArgumentList.Add(flag);
        }

        start.Environment.Remove("APP_ID");
        var sidecar = new SidecarProcess(Process.Start(start)!, port);
        try
        {
            _ = sidecar._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await sidecar.HealthyAsync();
            return sidecar;
        }
        catch
        {
            await sidecar.DisposeAsync();
            throw;
        }
    }

    /// <summary>By -9.</summary>
    public void Kill() => _process.Kill();

    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task HealthyAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync("/v1.0/healthz", patience.Token);
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                _process.HasExited.ShouldBeFalse();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
