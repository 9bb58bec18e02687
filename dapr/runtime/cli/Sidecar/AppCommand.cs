using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Sidecar;

/// <summary>The app that stands behind `--`: a child process that lives as long as the sidecar.</summary>
internal sealed partial class AppCommand : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private AppCommand(Process process) => _process = process;

    /// <summary>Starts it with what `dapr run` gives an app by environment. Throws <see cref="SidecarException"/>.</summary>
    public static AppCommand Start(IReadOnlyList<string> command, MeshSidecar sidecar)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["APP_ID"] = sidecar.Options.AppId;
        start.Environment["DAPR_HTTP_PORT"] = sidecar.HttpPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{sidecar.HttpPort.ToString(CultureInfo.InvariantCulture)}";
        if (sidecar.Options.AppPort is { } port)
        {
            start.Environment["APP_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            return new AppCommand(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new SidecarException($"The app command '{command[0]}' can't be started: {failure.Message}", failure);
        }
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, and ends it where it doesn't.</summary>
    public async Task StopAsync(TimeProvider time)
    {
        if (_process.HasExited)
        {
            return;
        }

        _ = Kill(_process.Id, Terminate);
        using var patience = new CancellationTokenSource(s_grace, time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _process.Dispose();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
