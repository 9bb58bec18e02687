using System.Buffers;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>state.sqlite's metadata, checked.</summary>
internal sealed record SqliteStateOptions
{
    private static readonly SearchValues<char> IdentifierLetters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    public static IReadOnlyList<string> Names { get; } =
    [
        "connectionString", "url", "timeout", "timeoutInSeconds", "busyTimeout", "disableWAL", "tableName", "metadataTableName",
        "cleanupInterval", "cleanupIntervalInSeconds",
    ];

    public required SqliteConnectionStringBuilder Connection { get; init; }

    /// <summary>How long to wait for a file that somebody else has locked.</summary>
    public required TimeSpan Busy { get; init; }

    /// <summary>PRAGMA statements to begin a connection with.</summary>
    public required IReadOnlyList<string> Pragmas { get; init; }

    public required bool InMemory { get; init; }

    public required bool ReadOnly { get; init; }

    public required string Table { get; init; }

    public required string MetadataTable { get; init; }

    /// <summary>Whether transactions keep events.</summary>
    public required bool Outbox { get; init; }

    public string OutboxTable => $"{Table}_outbox";

    /// <summary>Zero: expired keys stay in the file, unseen.</summary>
    public required TimeSpan CleanupInterval { get; init; }

    public static SqliteStateOptions Read(ComponentMetadata metadata)
    {
        var given = metadata.Text("connectionString") ?? metadata.Text("url") ?? throw metadata.Fault("connectionString", "is missing: name the file");
        var (path, query) = Split(given);
        var inMemory = path.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase);
        var mode = query.GetValueOrDefault("mode", [""])[0];
        var readOnly = mode == "ro" || query.GetValueOrDefault("immutable", [""])[0] == "1";
        var timeout = metadata.Duration(metadata.Text("timeout") is null ? "timeoutInSeconds" : "timeout", TimeSpan.FromSeconds(20));
        if (timeout < TimeSpan.FromSeconds(1))
        {
            throw metadata.Fault("timeout", "must be 1s or more");
        }

        var busy = metadata.Duration("busyTimeout", TimeSpan.FromSeconds(2));
        var journal = inMemory ? "MEMORY" : metadata.Flag("disableWAL") ? "DELETE" : "WAL";
        return new SqliteStateOptions
        {
            Connection = new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = readOnly ? SqliteOpenMode.ReadOnly : inMemory ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
                DefaultTimeout = 1,
            },
            Busy = busy,
            Pragmas =
            [
                $"PRAGMA busy_timeout = {((long)Math.Max(0, busy.TotalMilliseconds)).ToString(System.Globalization.CultureInfo.InvariantCulture)}",
                .. readOnly ? (string[])[] : [$"PRAGMA journal_mode = {journal}"],

                // As daprd's driver has it where nothing else is asked for: each commit is synced before it is answered.
                "PRAGMA synchronous = FULL",
                .. query.GetValueOrDefault("_pragma", []).Select(pragma => Pragma(metadata, pragma)),
            ],
            InMemory = inMemory,
            ReadOnly = readOnly,
            Table = Identifier(metadata, "tableName", "state"),
            Outbox = metadata.Text("outboxPublishPubsub") is not null && metadata.Text("outboxPublishTopic") is not null,
            MetadataTable = Identifier(metadata, "metadataTableName", "metadata"),
            CleanupInterval = metadata.Duration(metadata.Text("cleanupInterval") is null ? "cleanupIntervalInSeconds" : "cleanupInterval", TimeSpan.Zero),
        };
    }

    private static (string Path, Dictionary<string, List<string>> Query) Split(string given)
    {
        var path = given.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? given[5..] : given;
        var query = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var mark = path.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
        {
            return (path, query);
        }

        foreach (var pair in path[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            if (!query.TryGetValue(name, out var values))
            {
                query[name] = values = [];
            }

            values.Add(parts.Length > 1 ? Uri.UnescapeDataString(parts[1].Replace('+', ' ')) : "");
        }

        return (path[..mark], query);
    }

    // name(value) or name=value, as the driver that daprd uses takes them.
    private static string Pragma(ComponentMetadata metadata, string given)
    {
        var parts = given.TrimEnd(')').Split(['(', '='], 2);
        if (parts.Length != 2 || parts.Any(static part => part.Length == 0 || part.AsSpan().TrimStart('-').ContainsAnyExcept(IdentifierLetters)))
        {
            throw metadata.Fault("connectionString", $"holds the _pragma '{given}', which is not of the form name(value)");
        }

        return parts[0].ToUpperInvariant() switch
        {
            "BUSY_TIMEOUT" => throw metadata.Fault("connectionString", "may not hold _pragma=busy_timeout: use the metadata busyTimeout"),
            "JOURNAL_MODE" => throw metadata.Fault("connectionString", "may not hold _pragma=journal_mode: use the metadata disableWAL"),
            "FOREIGN_KEYS" => throw metadata.Fault("connectionString", "may not hold _pragma=foreign_keys"),
            _ => $"PRAGMA {parts[0]} = {parts[1]}",
        };
    }

    private static string Identifier(ComponentMetadata metadata, string name, string otherwise) =>
        metadata.Text(name) is not { } given ? otherwise
        : given.AsSpan().ContainsAnyExcept(IdentifierLetters) ? throw metadata.Fault(name, $"must be letters, digits and underscores, and is '{given}'")
        : given;
}
