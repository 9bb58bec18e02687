using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>Whom a call is for, and the path that it asks for: by the header dapr-app-id, by Basic authorization with that user, or by the
/// path /v1.0/invoke/ID/method/PATH.</summary>
/// <param name="Id">An app id (with a namespace behind a dot), the name of an HTTPEndpoint, or a URL.</param>
/// <param name="Path">As it goes over the wire, beginning with a slash.</param>
/// <param name="Problem">Why the path can't be asked for; null where it can.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallTarget(string Id, string Path, string? Problem)
{
    public const string IdHeader = "dapr-app-id";
    private const string MethodPart = "/method/";

    public bool IsUrl => Id.StartsWith("http://", StringComparison.Ordinal) || Id.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Reads the target of a call whose path was sent as <paramref name="sent"/>; false where it names none.</summary>
    public static bool TryRead(ReadOnlySpan<char> sent, IHeaderDictionary headers, out CallTarget target)
    {
        if (headers.TryGetValue(IdHeader, out var named) && named is [{ Length: > 0 } id, ..])
        {
            target = Of(Utf8(id), GoPath.IsPlain(sent) ? sent.ToString() : GoPath.Clean(GoPath.Unescape(sent)));
            return true;
        }

        if (headers.Authorization is [{ } authorization, ..] && TryReadBasic(authorization, out id))
        {
            target = Of(id, GoPath.Clean(GoPath.Unescape(sent)));
            return true;
        }

        // A URL as the id needs the doubled slash.
        var path = sent.Contains('%') ? GoPath.Unescape(sent).AsSpan() : sent;
        if (TrySkip(ref path, "v1.0") && TrySkip(ref path, "invoke") && path.IndexOf(MethodPart, StringComparison.Ordinal) is > 0 and var at)
        {
            target = Of(Utf8(GoPath.Unescape(path[..at].ToString().Replace('+', ' '))), GoPath.Clean(path[(at + MethodPart.Length)..].ToString()));
            return true;
        }

        target = default;
        return false;
    }

    private static CallTarget Of(string id, string method)
    {
        if (method.AsSpan().IndexOfAny("#?\0") >= 0)
        {
            return new(id, "/", "invalid method: method contains a forbidden character");
        }

        if (method.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || method.Contains('\x7f', StringComparison.Ordinal))
        {
            return new(id, "/", "invalid method: method contains a control character");
        }

        return GoPath.TryEscape(method is ['/', ..] ? method : "/" + method, out var path)
            ? new(id, path, null)
            : new(id, "/", "invalid method: invalid URL escape");
    }

    private static bool TrySkip(ref ReadOnlySpan<char> path, string part)
    {
        path = path.TrimStart('/');
        if (!path.StartsWith(part, StringComparison.Ordinal) || path.Length == part.Length || path[part.Length] != '/')
        {
            return false;
        }

        path = path[part.Length..].TrimStart('/');
        return true;
    }

    private static bool TryReadBasic(string authorization, out string id)
    {
        id = "";
        const string scheme = "Basic ";
        if (!authorization.StartsWith(scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var buffer = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[scheme.Length..], buffer, out var length))
        {
            return false;
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':');
        if (pair.Length != 2 || !pair[0].Equals(IdHeader, StringComparison.OrdinalIgnoreCase) || pair[1].Length == 0)
        {
            return false;
        }

        id = pair[1];
        return true;
    }

    private static string Utf8(string bytes) => Ascii.IsValid(bytes) ? bytes : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
