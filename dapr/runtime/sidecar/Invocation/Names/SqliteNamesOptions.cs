using System.Buffers;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>nameresolution.sqlite's settings, checked: daprd's names, daprd's defaults.</summary>
internal sealed record SqliteNamesOptions
{
    private const string DefaultFile = "names.db";
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly SearchValues<char> IdentifierLetters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <summary>A file, or :memory:.</summary>
    public required string Path { get; init; }

    public bool InMemory => Path.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase);

    public string Table { get; init; } = "hosts";

    public string MetadataTable { get; init; } = "metadata";

    /// <summary>How old a registration may be. It is renewed twice before, with a timeout to spare.</summary>
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often expired registrations are taken away; zero: never.</summary>
    public TimeSpan CleanupInterval { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Timeout { get; init; } = Least;

    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    public bool WriteAheadLog { get; init; } = true;

    /// <summary>What the Configuration names, or the file in the data folder. Throws <see cref="SidecarException"/>.</summary>
    public static SqliteNamesOptions Of(SidecarOptions options, ConfigurationResource configuration, out bool known)
    {
        known = true;
        var section = options.NamesInData ? null : configuration.NameResolution;
        var component = section?.Text("component") ?? "";
        if (component.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            return Read(section!.Map("configuration") ?? throw section.Fault("configuration", "is missing: name the file by connectionString"), options);
        }

        // What a laptop has by default with daprd; here the file takes its place.
        known = component.Length == 0;
        return component is "" or "mdns"
            ? new() { Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.DataPath), DefaultFile) }
            : throw section!.Fault("component", $"must be sqlite, and is '{component}'");
    }

    private static SqliteNamesOptions Read(YamlMap map, SidecarOptions options)
    {
        var given = Text(map, "connectionString") ?? Text(map, "url") ?? throw map.Fault("connectionString", "is missing: name the file");
        var path = Expand(given.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? given[5..] : given, options);
        var mark = path.IndexOf('?', StringComparison.Ordinal);
        var read = new SqliteNamesOptions
        {
            Path = mark < 0 ? path : path[..mark],
            Table = Identifier(map, "tableName", "hosts"),
            MetadataTable = Identifier(map, "metadataTableName", "metadata"),
            UpdateInterval = Duration(map, "updateInterval") ?? TimeSpan.FromSeconds(5),
            CleanupInterval = Duration(map, "cleanupInterval") ?? Duration(map, "cleanupIntervalInSeconds") ?? TimeSpan.FromHours(1),
            Timeout = Duration(map, "timeout") ?? Duration(map, "timeoutInSeconds") ?? Least,
            BusyTimeout = Duration(map, "busyTimeout") ?? TimeSpan.FromMilliseconds(800),
            WriteAheadLog = !(Text(map, "disableWAL") is { } text && text.ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1"),
        };
        if (read.Path.Length == 0)
        {
            throw map.Fault("connectionString", "names no file");
        }

        if (read.UpdateInterval.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw map.Fault("updateInterval", "must be whole seconds");
        }

        if (read.Timeout < Least || read.UpdateInterval - read.Timeout < Least)
        {
            throw map.Fault("updateInterval", "must be at least 1s more than timeout, which must be at least 1s");
        }

        return read;
    }

    // As daprd does with the whole file of a Configuration.
    private static string Expand(string text, SidecarOptions options)
    {
        foreach (var name in (ReadOnlySpan<string>)["HOME", "TMPDIR"])
        {
            text = text.Replace($"${{{name}}}", options.Environment.GetValueOrDefault(name, ""), StringComparison.Ordinal);
        }

        return text;
    }

    private static string? Text(YamlMap map, string name) =>
        map.Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key && map.Text(key) is { Length: > 0 } text ? text : null;

    private static TimeSpan? Duration(YamlMap map, string name) => Text(map, name) switch
    {
        null => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
        var text => throw map.Fault(name, $"must be a duration such as 5s or 1h, and is '{text}'"),
    };

    private static string Identifier(YamlMap map, string name, string otherwise) =>
        Text(map, name) is not { } given ? otherwise
        : given.AsSpan().ContainsAnyExcept(IdentifierLetters) ? throw map.Fault(name, $"must be letters, digits and underscores, and is '{given}'")
        : given;
}
