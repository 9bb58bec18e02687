using System.Collections.Concurrent;
using System.Net;
using HmsMesh.Auth;
using HmsMesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>The real service, with secrets by configuration, a clock that a test may set forward, and all that it logs.</summary>
public sealed class AuthSite : IAsyncLifetime
{
    public const string Phrase = "correct-horse-ba";
    public const string Portal = "http://127.0.0.1:6006";
    public const string ApiKey = "demo-api-key-0123456789-0123456789";
    public const string GatewaySecret = "gateway-secret-0123456789-01234567";
    public const string MeshSecret = "mesh-secret-0123456789-0123456789+/=:%";
    private readonly LogBook _log = new();

    public InProcessMesh Mesh { get; private set; } = null!;

    public Uri Address => Mesh.Address("auth");

    public IReadOnlyCollection<string> Lines => _log.Lines;

    /// <summary>Issuers whose tokens it exchanges beside its own.</summary>
    public string? Trusts { get; init; }

    internal ShiftedTime Time { get; } = new();

    public async ValueTask InitializeAsync() => Mesh = await InProcessMesh.StartAsync(
        mesh => mesh.Add<AuthService>(services =>
            {
                services.AddSingleton<TimeProvider>(Time);
                services.AddSingleton<ILoggerProvider>(_log);
            })
            .Setting("Auth:Portal", Portal)
            .Setting("Auth:Trusts", Trusts ?? "")
            .Setting("Secrets:auth-keys", "0123456789-0123456789-0123456789-0")
            .Setting("Secrets:client-gateway", GatewaySecret)
            .Setting("Secrets:client-mesh", MeshSecret)
            .Setting("Secrets:api-key-demo", ApiKey)
            .Setting("Secrets:demo-password", Phrase + "-and what is more than 16 characters"),
        TestContext.Current.CancellationToken);

    public AuthBrowser Browser() => new(Address);

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();

    private sealed class LogBook : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
