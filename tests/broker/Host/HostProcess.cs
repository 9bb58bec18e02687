using System.Diagnostics;
using System.Threading.Channels;
using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Tests.Host;

/// <summary>The load host as a child process, or under another program such as strace.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private HostProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public int Pid => _process.Id;

    public string Errors { get; private set; } = "";

    public static HostProcess Start(string folder, int publishers, int count, string run, params string[] under)
    {
        var self = Path.Combine(AppContext.BaseDirectory, "HmsMesh.Broker.Tests");
        return Start([.. under, self, "host", folder, $"{publishers}", $"{count}", run]);
    }

    /// <summary>One that shares the folder with others: see <see cref="ShareHost"/>.</summary>
    public static HostProcess Share(string folder, string run, params string[] settings) =>
        Start([Path.Combine(AppContext.BaseDirectory, "HmsMesh.Broker.Tests"), "share", folder, run, .. settings]);

    /// <summary>The process that writes a folder, as its lock file tells.</summary>
    public static int Writer(string folder) => ProcessLock.Holder(Path.Combine(folder, "lock"))!.Value;

    /// <summary>SIGSTOP, SIGCONT, or another.</summary>
    public void Signal(int number) => Kill(Pid, number).ShouldBe(0);

    /// <summary>Asks it to close in good order, and waits until it has.</summary>
    public async Task<List<string>> CloseAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await EndAsync(cancellationToken);
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private static HostProcess Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Reads lines until there are so many that satisfy a condition.</summary>
    public async Task<List<string>> ReadUntilAsync(Func<string, bool> counts, int number, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (number > 0)
        {
            var line = await _lines.Reader.ReadAsync(cancellationToken);
            lines.Add(line);
            number -= counts(line) ? 1 : 0;
        }

        return lines;
    }

    /// <summary>SIGKILL; returns every line that the process had still written.</summary>
    public async Task<List<string>> KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        return await EndAsync(cancellationToken);
    }

    /// <summary>Waits for its end; returns every line not read yet.</summary>
    public async Task<List<string>> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading.WaitAsync(cancellationToken);
        var lines = new List<string>();
        while (_lines.Reader.TryRead(out var line))
        {
            lines.Add(line);
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        Errors = await errors;
        _lines.Writer.TryComplete(new InvalidOperationException($"The host ended: {Errors}"));
    }
}
