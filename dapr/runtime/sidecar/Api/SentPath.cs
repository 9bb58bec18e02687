namespace HmsMesh.Sidecar.Api;

/// <summary>A path as a caller sent it. As daprd does, what has no good escapes is refused, and doubled slashes and dots between
/// slashes are cleaned away, escaped ones not.</summary>
internal static class SentPath
{
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
