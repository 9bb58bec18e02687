using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Logs;

/// <summary>Sends what a sidecar logs to the hub, under its app's name.</summary>
internal sealed class HubLoggerProvider(LogHub hub, string service, LogSource source) : ILoggerProvider, ILogger
{
    public static ILoggerFactory Factory(LogHub hub, string service, LogSource source, LogLevel level) =>
        LoggerFactory.Create(logging => logging
            .SetMinimumLevel(level)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddProvider(new HubLoggerProvider(hub, service, source)));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        if (logLevel >= LogLevel.Warning)
            text = $"{logLevel.ToString().ToLowerInvariant()}: {text}";
        hub.Write(service, source, text);
        if (exception is not null)
            hub.Write(service, source, exception.ToString().ReplaceLineEndings(" ⏎ "));
    }

    public void Dispose()
    {
        // The hub is the host's.
    }
}
