using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>Kestrel's own lines, from warnings up, in the name of the sidecar.</summary>
internal sealed class QuietLoggerFactory(ILoggerFactory loggers, string appId) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(SidecarLogCategory.Of("dapr.runtime.http", appId)));

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Quiet(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
