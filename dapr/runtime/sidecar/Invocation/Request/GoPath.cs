using System.Buffers;
using System.Globalization;
using System.Text;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>Paths as daprd handles them: unescaped once, cleaned, and escaped again as Go escapes. A path that needs none of it passes as
/// it is. Bytes are worked on as characters up to U+00FF, so that what is no UTF-8 passes too.</summary>
internal static class GoPath
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!$&'()*+,/:;=@[]");

    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@");

    /// <summary>Whether a path is its own clean and escaped form.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path) =>
        !path.ContainsAnyExcept(Plain) && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal);

    /// <summary>Takes escapes away; what is no escape stays.</summary>
    public static string Unescape(ReadOnlySpan<char> path)
    {
        if (!path.Contains('%'))
        {
            return path.ToString();
        }

        var text = new StringBuilder(path.Length);
        var at = 0;
        while (at < path.Length)
        {
            if (path[at] == '%' && at + 2 < path.Length && byte.TryParse(path.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                text.Append((char)value);
                at += 3;
            }
            else
            {
                text.Append(path[at++]);
            }
        }

        return text.ToString();
    }

    /// <summary>Without doubled slashes, dots between slashes and a slash at the end; "" where nothing is left. Never climbs above the root.</summary>
    public static string Clean(string path)
    {
        if (IsPlain(path) && !path.StartsWith('.') && !path.EndsWith('/'))
        {
            return path;
        }

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

        return (path is ['/', ..] ? "/" : "") + string.Join('/', kept);
    }

    /// <summary>The path as it goes over the wire; false where it holds a percent sign that begins no escape.</summary>
    public static bool TryEscape(string path, out string escaped)
    {
        escaped = path;
        if (!path.AsSpan().ContainsAnyExcept(Plain))
        {
            return true;
        }

        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 3))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
            {
                return false;
            }
        }

        // What is escaped already stays so, where all the rest is fit to be sent.
        if (path.AsSpan().IndexOf('%') >= 0 && IsValidlyEscaped(path))
        {
            return true;
        }

        var text = new StringBuilder(path.Length + 16);
        foreach (var character in Unescape(path))
        {
            if (Unescaped.Contains(character))
            {
                text.Append(character);
            }
            else
            {
                text.Append('%').Append(((int)character).ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        escaped = text.ToString();
        return true;
    }

    private static bool IsValidlyEscaped(string path)
    {
        foreach (var character in path)
        {
            if (character != '%' && !Plain.Contains(character))
            {
                return false;
            }
        }

        return true;
    }
}
