using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace HmsMesh.Kit;

/// <summary>What the environment says, read once; nothing below reads it again.</summary>
internal sealed record MeshSettings
{
    public required string AppId { get; init; }

    /// <summary>Null: the host's own (ASPNETCORE_URLS).</summary>
    public int? Port { get; init; }

    public required string DaprEndpoint { get; init; }

    /// <summary>What the sidecar wants to see.</summary>
    public string? DaprToken { get; init; }

    /// <summary>What callers of this service must show.</summary>
    public string? AppToken { get; init; }

    public required string DataPath { get; init; }

    public string? ConnectionString { get; init; }

    public string? OtlpEndpoint { get; init; }

    public string? OtlpProtocol { get; init; }

    /// <summary>After it a handler's transaction is rolled back, so that one that hangs doesn't hold the database.</summary>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longer than any broker of ours keeps an event.</summary>
    public TimeSpan InboxRetention { get; init; } = TimeSpan.FromDays(8);

    public TimeSpan OutboxRetention { get; init; } = TimeSpan.FromDays(1);

    public bool IsPostgres => ConnectionString?.StartsWith("Host=", StringComparison.OrdinalIgnoreCase) == true;

    public static string ReadAppId(IConfiguration configuration, string fallback)
    {
        var appId = configuration["APP_ID"] is { Length: > 0 } given ? given : fallback;
        return appId.Length <= 64 && appId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? appId
            : throw new MeshConfigurationException($"APP_ID: '{appId}' is no app id: up to 64 letters, digits, hyphens, dots and underscores.");
    }

    public static MeshSettings From(IConfiguration configuration, string fallbackAppId)
    {
        var daprPort = ReadPort(configuration, "DAPR_HTTP_PORT") ?? 3500;
        var endpoint = Text(configuration, "DAPR_HTTP_ENDPOINT") ?? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{daprPort}");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new MeshConfigurationException($"DAPR_HTTP_ENDPOINT: '{endpoint}' is no http address.");
        }

        return new MeshSettings
        {
            AppId = ReadAppId(configuration, fallbackAppId),
            Port = ReadPort(configuration, "APP_PORT"),
            DaprEndpoint = endpoint.TrimEnd('/'),
            DaprToken = Text(configuration, "DAPR_API_TOKEN"),
            AppToken = Text(configuration, "APP_API_TOKEN"),
            DataPath = Text(configuration, "MESH_DATA") ?? Path.Combine(".mesh", "services"),
            ConnectionString = Text(configuration, "ConnectionStrings:Database"),
            OtlpEndpoint = Text(configuration, "OTEL_EXPORTER_OTLP_ENDPOINT"),
            OtlpProtocol = Text(configuration, "OTEL_EXPORTER_OTLP_PROTOCOL"),
            HandlerTimeout = Duration(configuration, "Mesh:HandlerTimeout") ?? TimeSpan.FromSeconds(30),
            InboxRetention = Duration(configuration, "Mesh:InboxRetention") ?? TimeSpan.FromDays(8),
            OutboxRetention = Duration(configuration, "Mesh:OutboxRetention") ?? TimeSpan.FromDays(1),
        };
    }

    public string SqliteConnectionString() => ConnectionString
        ?? new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(Path.Combine(DataPath, AppId + ".db")) }.ConnectionString;

    private static string? Text(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private static int? ReadPort(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new MeshConfigurationException($"{key}: '{text}' is no port.");
    }

    private static TimeSpan? Duration(IConfiguration configuration, string key) =>
        configuration.Duration(key, TimeSpan.FromTicks(1), TimeSpan.MaxValue, "such as 00:00:30");
}
