using System.Collections.Frozen;
using System.Security.Cryptography;

namespace HmsMesh.Journey.Page;

/// <summary>The page's files, embedded, each under a name that changes with its content, so that a browser may keep it for good.</summary>
internal static class Assets
{
    private static readonly FrozenDictionary<string, Asset> ByPath = Load().ToFrozenDictionary(a => a.Path, StringComparer.Ordinal);

    public static string Style { get; } = Find("journey.css");

    public static string Script { get; } = Find("journey.js");

    public static string Icon { get; } = Find("icon.svg");

    public static Asset? At(string path) => ByPath.GetValueOrDefault(path);

    private static string Find(string name) => ByPath.Values.Single(a => a.Name == name).Path;

    private static IEnumerable<Asset> Load()
    {
        var assembly = typeof(Assets).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("wwwroot/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource["wwwroot/".Length..];
            var extension = Path.GetExtension(name);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
            var type = extension switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => throw new InvalidOperationException($"No content type is known for {name}."),
            };
            yield return new Asset(name, $"/assets/{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}", type, content);
        }
    }
}
