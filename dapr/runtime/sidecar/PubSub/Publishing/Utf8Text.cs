using System.Text;
using System.Text.Unicode;

namespace HmsMesh.Sidecar.PubSub.Publishing;

internal static class Utf8Text
{
    /// <summary>The same bytes where they are UTF-8; else with U+FFFD in place of what is none.</summary>
    public static ReadOnlyMemory<byte> Valid(ReadOnlyMemory<byte> bytes) =>
        Utf8.IsValid(bytes.Span) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
}
