using System.Diagnostics;

namespace HmsMesh.Cli.Processes;

/// <summary>A child process on a lifeline: it ends when this process ends, however that happens.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>Runs in a session of its own, so that Ctrl-C in the terminal reaches mesh alone. A watcher in the background waits on
    /// the pipe that mesh holds. A line means that the child has ended: what it left behind goes too. The end of the pipe means
    /// that mesh is gone: the group is told to end, and within a second is ended. The watcher is of the group itself, so the
    /// group's number can't pass to another program meanwhile. The command takes the shell's place: pid and exit code stay.</summary>
    private const string Lifeline = """
        exec 3<&0 </dev/null
        (
          trap '' TERM INT HUP
          if ! read -r _ <&3; then
            kill -s TERM 0
            for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $$ || break; sleep 0.1; done
          fi
          kill -s KILL 0
        ) >/dev/null 2>&1 &
        exec 3<&-
        exec "$@"
        """;

    private readonly Process _process;

    private Child(Process process, Task pumps)
    {
        _process = process;
        Pid = process.Id;
        Stamp = ProcessStamp.Of(Pid) ?? "";
        Ended = EndAsync(process, pumps);
    }

    public int Pid { get; }

    public string Stamp { get; }

    /// <summary>The exit code; 128 and the signal's number where a signal ended it.</summary>
    public Task<int> Ended { get; }

    /// <param name="line">Gets what it prints, line by line; null: it prints where this process does.</param>
    public static Child Start(
        IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string> environment, Action<string>? line)
    {
        var start = new ProcessStartInfo(OwnSession.Prefix[0])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = line is not null,
            RedirectStandardError = line is not null,
            UseShellExecute = false,
        };
        foreach (var argument in OwnSession.Prefix.Skip(1).Concat(["/bin/sh", "-c", Lifeline, "sh"]).Concat(command))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var pumps = line is null ? Task.CompletedTask : Task.WhenAll(LinePump.RunAsync(process.StandardOutput, line), LinePump.RunAsync(process.StandardError, line));
        return new Child(process, pumps);
    }

    /// <summary>SIGTERM, to the child alone.</summary>
    public void AskToEnd() => Signal(Pid, Native.SignalTerminate);

    /// <summary>SIGKILL, to the child and all that it started.</summary>
    public void Kill()
    {
        Signal(Pid, Native.SignalKill);
        Signal(-Pid, Native.SignalKill);
    }

    public void Dispose() => _process.Dispose();

    private void Signal(int target, int signal)
    {
        if (!Ended.IsCompleted)
            _ = Native.Kill(target, signal);
    }

    private static async Task<int> EndAsync(Process process, Task pumps)
    {
        await process.WaitForExitAsync();
        try
        {
            // Tells the watcher: all that is left of the group goes now.
            await process.StandardInput.WriteLineAsync("ended");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The watcher is gone as well.
        }

        await pumps;
        return process.ExitCode;
    }
}
