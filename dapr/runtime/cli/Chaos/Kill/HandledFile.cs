using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>What a handler got, a line each: when (a clock that all processes of the machine share), which, and whether it was handled.
/// All that wait share one write and one sync.</summary>
internal sealed class HandledFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Channel<(string Line, TaskCompletionSource Written)> _waiting =
        Channel.CreateUnbounded<(string, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writing;

    public HandledFile(string path)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

        // A process that was killed within a write left half a line.
        _file.Write("\n"u8);
        _writing = Task.Run(WriteAllAsync);
    }

    public Task WriteAsync(string id, bool failed)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {id} {(failed ? "failed" : "handled")}.\n");
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((line, written));
        return written.Task;
    }

    /// <summary>The whole lines of a file, in order of time.</summary>
    public static IEnumerable<(long Time, string Id, bool Done)> Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            if (line.EndsWith('.') && line.Split(' ') is [var time, var id, var what])
            {
                yield return (long.Parse(time, CultureInfo.InvariantCulture), id, what == "handled.");
            }
        }
    }

    public void Dispose()
    {
        _waiting.Writer.Complete();
        _writing.GetAwaiter().GetResult();
        _file.Dispose();
    }

    private async Task WriteAllAsync()
    {
        var lines = new StringBuilder();
        var written = new List<TaskCompletionSource>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (_waiting.Reader.TryRead(out var next))
            {
                lines.Append(next.Line);
                written.Add(next.Written);
            }

            await _file.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()));
            _file.Flush(flushToDisk: true);
            lines.Clear();
            written.ForEach(static one => one.SetResult());
            written.Clear();
        }
    }
}
