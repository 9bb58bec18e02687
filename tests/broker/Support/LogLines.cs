using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>A log that is kept, to see what was said in it.</summary>
internal sealed class LogLines : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Which lines can't be kept: what logs them gets an exception.</summary>
    public Func<string, bool>? Fails { get; init; }

    public bool Has(string part) => _lines.Any(line => line.Contains(part, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        _lines.Enqueue(line);
        if (Fails?.Invoke(line) is true)
        {
            throw new InvalidOperationException(line);
        }
    }
}
