using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Sidecar.Api;

/// <summary>A path as a caller sent it. As daprd does, what has no good escapes is refused, and doubled slashes and dots between
/// slashes are cleaned away, escaped ones not.</summary>
internal static class SentPath
{
    /// <summary>The path before any unescaping, so that a slash in a name stays apart from one between names.</summary>
    public static ReadOnlySpan<char> Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (target is not ['/', ..] && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var slash = target[(scheme + 3)..].IndexOf('/');
            target = slash < 0 ? "/" : target[(scheme + 3 + slash)..];
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

    public static bool TryClean(ReadOnlySpan<char> path, out ReadOnlySpan<char> cleaned)
    {
        cleaned = path;
        if (!HasGoodEscapes(path))
        {
            return false;
        }

        if (path.Contains("//", StringComparison.Ordinal) || path.Contains("/.", StringComparison.Ordinal))
        {
            cleaned = Clean(path.ToString());
        }

        return true;
    }

    private static bool HasGoodEscapes(ReadOnlySpan<char> path)
    {
        for (var at = path.IndexOf('%'); at >= 0; at = path.IndexOf('%'))
        {
            if (path.Length < at + 3 || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
            {
                return false;
            }

            path = path[(at + 3)..];
        }

        return true;
    }

    private static string Clean(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                kept.Add(segment);
            }
        }

        return "/" + string.Join('/', kept);
    }
}
