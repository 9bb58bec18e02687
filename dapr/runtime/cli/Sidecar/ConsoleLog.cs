using HmsMesh.Sidecar.Observability;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Sidecar;

/// <summary>The sidecar's log on standard output, in daprd's form.</summary>
internal sealed class ConsoleLog(LogLevel least, bool asJson, TimeProvider time) : ILoggerFactory
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one place to log to.");

    public void Dispose()
    {
    }

    private sealed class Line(ConsoleLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log._least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var message = formatter(state, exception);
            var line = log._asJson
                ? SidecarLogFormat.Json(log._time.GetLocalNow(), logLevel, category, message, exception)
                : SidecarLogFormat.Text(log._time.GetLocalNow(), logLevel, category, message, exception);
            lock (log._lock)
            {
                Console.Out.WriteLine(line);
            }
        }
    }

    private readonly LogLevel _least = least;
    private readonly bool _asJson = asJson;
    private readonly TimeProvider _time = time;
}
