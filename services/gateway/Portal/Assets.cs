using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace HmsMesh.Gateway.Portal;

/// <summary>The portal's files, embedded. Modules import each other by name, so a browser asks each time whether one has changed.</summary>
internal static class Assets
{
    private const string Root = "wwwroot/";
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Lazy<Asset>> ByName = typeof(Assets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && Types.ContainsKey(Path.GetExtension(name)))
        .ToFrozenDictionary(name => name[Root.Length..], name => new Lazy<Asset>(() => Load(name)), StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Asset> Shells = new(StringComparer.Ordinal);

    /// <summary>The page in the look of the design system of that version, or in the portal's own.</summary>
    public static Asset Shell(string? version) => Shells.GetOrAdd(version ?? "", MakeShell);

    public static Asset? Find(string name) => ByName.GetValueOrDefault(name)?.Value;

    public static IResult Send(HttpContext http, Asset asset)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue(asset.Tag));
    }

    private static Asset Load(string resource)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Make(Types[Path.GetExtension(resource)], content);
    }

    private static Asset Make(string type, byte[] content) => new(type, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"", content);

    private static Asset MakeShell(string version)
    {
        var page = ByName["index.html"].Value;
        var (look, after) = version.Length > 0 ? ($"/uswds/{version}/css/uswds.min.css", "uswds") : ("/assets/plain.css", "plain");
        var html = Encoding.UTF8.GetString(page.Content)
            .Replace("{look}", look, StringComparison.Ordinal)
            .Replace("{look-name}", after, StringComparison.Ordinal);
        return Make(page.ContentType, Encoding.UTF8.GetBytes(html));
    }
}
