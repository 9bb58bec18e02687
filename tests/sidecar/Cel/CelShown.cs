using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

/// <summary>A value as the tables write it: like a literal of the language.</summary>
internal static class CelShown
{
    public static string Of(CelValue value) => value.Kind switch
    {
        CelKind.Error => "error",
        CelKind.Null => "null",
        CelKind.Uint => CelConversions.Shown(value) + "u",
        CelKind.Double => Double(CelConversions.Shown(value)),
        CelKind.String => $"'{value.Text}'",
        CelKind.Bytes => "b:" + Convert.ToHexStringLower(value.Bytes),
        CelKind.Type => value.TypeName,
        CelKind.List => $"[{string.Join(", ", CelCollections.Items(value).Select(Of))}]",
        CelKind.Map => $"{{{string.Join(", ", Entries(value))}}}",
        _ => CelConversions.Shown(value),
    };

    private static IEnumerable<string> Entries(CelValue map)
    {
        foreach (var key in CelCollections.Items(map))
        {
            CelCollections.TryGet(map, key, out var value).ShouldBeTrue();
            yield return $"{Of(key)}: {Of(value)}";
        }
    }

    private static string Double(string text) => text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
}
