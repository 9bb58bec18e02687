using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Portal;

/// <summary>The U.S. Web Design System, where npm has installed it. It may come while the service runs; until then, and without npm,
/// the portal has a plain look of its own.</summary>
internal sealed partial class DesignSystem(GatewayOptions options)
{
    private const string StyleSheet = "css/uswds.min.css";
    private readonly string _folder = Path.GetFullPath(options.DesignSystem);
    private readonly Lock _gate = new();
    private string? _version;
    private byte[]? _packedStyle;

    /// <summary>The version that is installed in full, or null. npm writes its own lock file when an installation is complete.</summary>
    public string? Version
    {
        get
        {
            if (!File.Exists(Path.Combine(_folder, "..", "..", ".package-lock.json")) || !File.Exists(Path.Combine(_folder, "dist", StyleSheet)))
                return null;
            lock (_gate)
                return _version ??= ReadVersion();
        }
    }

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapMethods("/uswds/{version}/{**name}", [HttpMethods.Get, HttpMethods.Head], (string version, string name, HttpContext http, DesignSystem look) => look.Send(http, version, name))
            .Public().ExcludeFromDescription();

    /// <summary>What the portal needs of the package: the style sheet, its fonts, its icons.</summary>
    [GeneratedRegex(@"\A(css/uswds\.min\.css|fonts/[a-z-]+/[A-Za-z0-9-]+\.woff2|img/([a-z-]+/)?[a-z0-9_-]+\.svg)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Needed();

    private IResult Send(HttpContext http, string version, string name)
    {
        var file = Path.Combine(_folder, "dist", name);
        if (!Needed().IsMatch(name) || version != Version || !File.Exists(file))
            return TypedResults.NotFound();

        // Its address names the version, so that a browser need never ask again.
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (name != StyleSheet)
            return TypedResults.PhysicalFile(file, name.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : "font/woff2");
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            return TypedResults.PhysicalFile(file, "text/css; charset=utf-8");
        http.Response.Headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(Packed(file), "text/css; charset=utf-8");
    }

    private byte[] Packed(string file)
    {
        lock (_gate)
        {
            if (_packedStyle is not null)
                return _packedStyle;
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            using (var plain = File.OpenRead(file))
                plain.CopyTo(gzip);
            return _packedStyle = packed.ToArray();
        }
    }

    private string? ReadVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "package.json")));
        return package.RootElement.GetProperty("version").GetString();
    }
}
