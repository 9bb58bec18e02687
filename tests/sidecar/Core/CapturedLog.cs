using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>Keeps every line that a sidecar logs.</summary>
internal sealed class CapturedLog : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Level, string Text, TaskCompletionSource Seen)> _awaited = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for a line of a level that holds a text, or finds that it is there.</summary>
    public Task SeenAsync(string level, string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Exists(line => Says(line, level, text)))
            {
                return Task.CompletedTask;
            }

            _awaited.Add((level, text, seen));
        }

        return seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private static bool Says(string line, string level, string text) =>
        line.StartsWith(level, StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal);

    private void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (_, _, seen) in _awaited.Where(awaited => Says(line, awaited.Level, awaited.Text)))
            {
                seen.TrySetResult();
            }
        }
    }

    private sealed class Line(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
