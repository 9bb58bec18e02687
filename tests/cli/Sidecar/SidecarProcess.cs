using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>`mesh sidecar` as a process, for tests that kill it.</summary>
internal static class SidecarProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>App id app, over the resources of a folder; returns once it is healthy.</summary>
    public static async Task<Process> StartAsync(string folder, int port, params string[] more)
    {
        // The command's own folder: beside the tests lies a copy whose native libraries need not be found.
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "dapr", "runtime", "cli", "bin", "mesh")) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] flags =
        [
            "sidecar", "--app-id", "app", "--dapr-http-port", port.ToString(CultureInfo.InvariantCulture),
            "--resources-path", Path.Combine(folder, "resources"), .. more,
        ];
        foreach (var flag in flags)
        {
            start.ArgumentList.Add(flag);
        }

        start.Environment.Remove("APP_ID");
        var process = Process.Start(start)!;
        try
        {
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await HealthyAsync(process, port);
            return process;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task HealthyAsync(Process process, int port)
    {
        using var http = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{port}/v1.0/healthz", patience.Token)).StatusCode == HttpStatusCode.NoContent)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                process.HasExited.ShouldBeFalse();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
