using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HmsMesh.Conformance.Running;

/// <summary>
/// A process of a scenario; its output goes to a file. It hangs on a pipe that this process holds, so that it ends too when this process is killed.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const int Terminate = 15;
    private const string Script =
        "log=$1; shift; exec 3<&0; ( read -r line <&3; kill -9 $$ 2>/dev/null ) </dev/null >/dev/null 2>&1 & exec 3<&-; exec \"$@\" </dev/null >>\"$log\" 2>&1";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "sh", log, .. command]) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start) ?? throw new ScenarioException("/bin/sh did not start"));
    }

    public void Stop()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, Terminate);
    }

    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>False where it has not ended in time.</summary>
    public async Task<bool> WaitAsync(TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _process.WaitForExitAsync(both.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _process.HasExited;
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    public override string ToString() => _process.Id.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int pid, int signal);
}
