using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>A process whose lines are kept; it ends with its test.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _out = new();
    private readonly ConcurrentQueue<string> _error = new();
    private readonly Task _reading;

    private Running(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _out), ReadAsync(process.StandardError, _error));
    }

    public int Pid => _process.Id;

    public IReadOnlyCollection<string> Out => _out;

    public IReadOnlyCollection<string> Error => _error;

    public string Everything => string.Join('\n', _out.Concat(_error));

    public static Running Start(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A runner that was started in the background ignores SIGINT, and what it starts would inherit that.
        var start = new ProcessStartInfo("env")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in args.Prepend(program).Prepend("--default-signal=INT"))
            start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new Running(Process.Start(start)!);
    }

    public async Task<string> LineAsync(Func<string, bool> wanted, TimeSpan limit, string what)
    {
        await Eventually.TrueAsync(() => _out.Any(wanted) || _process.HasExited, limit, $"{what} in\n{Everything}");
        return _out.FirstOrDefault(wanted) ?? throw new InvalidOperationException($"It ended without {what}:\n{Everything}");
    }

    public async Task<Ran> EndAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit, TestContext.Current.CancellationToken);
        await _reading;
        return new Ran(_process.ExitCode, string.Join('\n', _out), string.Join('\n', _error));
    }

    public void Signal(string name) => Send(name, Pid);

    public static void Send(string name, int pid)
    {
        using var kill = Process.Start("kill", ["-s", name, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, ConcurrentQueue<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
            lines.Enqueue(line);
    }
}
