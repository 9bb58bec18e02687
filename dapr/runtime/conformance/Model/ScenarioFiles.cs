using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance;

/// <summary>Reads scenarios from a folder of JSON files.</summary>
public static class ScenarioFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 128,
    };

    /// <summary>The scenarios whose name holds one of <paramref name="names"/>, or all; in the order of their names.</summary>
    public static IReadOnlyList<Scenario> Load(string folder, params IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return
        [
            .. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
                .Select(f => (File: f, Name: Path.ChangeExtension(Path.GetRelativePath(folder, f), null).Replace('\\', '/')))
                .Where(s => names.Count == 0 || names.Any(n => (s.Name + ".").Contains(n, StringComparison.Ordinal)))
                .OrderBy(s => s.Name, StringComparer.Ordinal)
                .Select(s => Read(s.Name, s.File)),
        ];
    }

    private static Scenario Read(string name, string file)
    {
        var scenario = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        scenario["name"] = name;
        return scenario.Deserialize<Scenario>(Json) ?? throw new InvalidDataException($"{file} is no scenario");
    }
}
