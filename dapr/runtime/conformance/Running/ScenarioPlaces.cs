using System.Globalization;
using System.Text.RegularExpressions;
using HmsMesh.Shared;

namespace HmsMesh.Conformance.Running;

/// <summary>The folder and ports of one run, and the texts that name them.</summary>
internal sealed partial class ScenarioPlaces
{
    private readonly IReadOnlyDictionary<string, string> _servers;
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);

    public ScenarioPlaces(Scenario scenario, IReadOnlyDictionary<string, string> servers)
    {
        _servers = servers;
        foreach (var sidecar in scenario.Sidecars)
        {
            Http[sidecar.Id] = FreePorts.Take();
            if (sidecar.App is not null) Apps[sidecar.Id] = FreePorts.Take();
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("conformance-").FullName;

    /// <summary>The HTTP port of each sidecar.</summary>
    public Dictionary<string, int> Http { get; } = new(StringComparer.Ordinal);

    /// <summary>The port of each app.</summary>
    public Dictionary<string, int> Apps { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Named => _named;

    public string Resources => Path.Combine(Folder, "resources");

    /// <summary>A port that keeps its value for the scenario.</summary>
    public int Port(string name)
    {
        if (!_named.TryGetValue(name, out var port)) _named[name] = port = FreePorts.Take();
        return port;
    }

    public string Log(string id) => Path.Combine(Folder, id + ".log");

    /// <summary>A text with <c>${DIR}</c>, <c>${PORT:name}</c>, <c>${APP:id}</c>, <c>${HTTP:id}</c> and servers' names put in.</summary>
    public string Fill(string text) => Place().Replace(text, match =>
    {
        var (kind, name) = (match.Groups["kind"].Value, match.Groups["name"].Value);
        return kind switch
        {
            "DIR" => Folder,
            "PORT" => Text(Port(name)),
            "APP" => Text(Apps[name]),
            "HTTP" => Text(Http[name]),
            _ => _servers[kind.ToLowerInvariant()],
        };
    });

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\{(?<kind>[A-Z]+)(?::(?<name>[\w.-]+))?\}", RegexOptions.CultureInvariant, 5_000)]
    private static partial Regex Place();
}
