using System.Collections.Concurrent;
using System.Threading.Channels;

namespace HmsMesh.Cli.Logs;

/// <summary>Where all lines meet. Whoever writes never waits: one task hands the lines on to the files, the terminal and those who follow, and
/// what they can't keep up with is dropped, the oldest first.</summary>
internal sealed class LogHub : IAsyncDisposable
{
    private const int Waiting = 8192;
    private const int Remembered = 20;
    private const int KeptForTheTerminal = 1024;

    private static readonly string[] Warnings = ["warning: ", "error: ", "critical: ", "fatal: "];

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ConcurrentDictionary<string, LogFile> _files = new();
    private readonly ConcurrentDictionary<string, Queue<string>> _recent = new();
    private readonly ConcurrentDictionary<Channel<LogLine>, byte> _followers = new();
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Task _hands;
    private readonly Lock _painting = new();
    private readonly Queue<LogLine> _unseen = new();
    private LogPainter? _painter;
    private bool _warningsOnly;

    public LogHub(string folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _hands = HandOnAsync();
    }

    public void Write(string service, LogSource source, string text)
    {
        if (source is LogSource.App)
            Remember(service, text);
        _lines.Writer.TryWrite(new LogLine(_time.GetUtcNow(), service, source, text));
    }

    /// <summary>From now on lines are shown as well, beginning with those that came while nobody looked: a service may be at work
    /// before the slowest is healthy.</summary>
    public void ShowOn(LogPainter painter)
    {
        lock (_painting)
        {
            while (_unseen.TryDequeue(out var line))
                painter.Write(line);
            _painter = painter;
        }
    }

    /// <summary>The last lines that the service itself printed.</summary>
    public IReadOnlyList<string> Recent(string service)
    {
        if (!_recent.TryGetValue(service, out var lines))
            return [];
        lock (lines)
            return [.. lines];
    }

    /// <summary>From now on the terminal shows of sidecars and mesh only what warns: what ends in order closes without ado. The files have it all.</summary>
    public void ShowWarningsOnly() => Volatile.Write(ref _warningsOnly, true);

    public ChannelReader<LogLine> Follow(CancellationToken cancellationToken)
    {
        var follower = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
        _followers[follower] = 0;
        cancellationToken.Register(() =>
        {
            _followers.TryRemove(follower, out _);
            follower.Writer.TryComplete();
        });
        return follower.Reader;
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _hands;
    }

    private void Remember(string service, string text)
    {
        var lines = _recent.GetOrAdd(service, _ => new Queue<string>());
        lock (lines)
        {
            lines.Enqueue(text);
            if (lines.Count > Remembered)
                lines.Dequeue();
        }
    }

    private void Show(LogLine line)
    {
        if (Volatile.Read(ref _warningsOnly) && line.Source is not LogSource.App && !Warnings.Any(word => line.Text.StartsWith(word, StringComparison.Ordinal)))
            return;
        lock (_painting)
        {
            if (_painter is not null)
            {
                _painter.Write(line);
                return;
            }

            _unseen.Enqueue(line);
            if (_unseen.Count > KeptForTheTerminal)
                _unseen.Dequeue();
        }
    }

    private async Task HandOnAsync()
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                _files.GetOrAdd(line.Service, name => new LogFile(Path.Combine(_folder, name + ".log"))).Write(line);
                Show(line);
                foreach (var follower in _followers.Keys)
                    follower.Writer.TryWrite(line);
            }

            foreach (var file in _files.Values)
                file.Flush();
        }

        foreach (var file in _files.Values)
            file.Dispose();
        foreach (var follower in _followers.Keys)
            follower.Writer.TryComplete();
    }
}
