using System.Globalization;

namespace HmsMesh.Journey.Stream;

/// <summary>How much a citizen's page has seen: of the options, and of the claims. As text, the id of a server-sent event.</summary>
internal readonly record struct StreamPosition(long Options, long Claims)
{
    /// <summary>Before everything.</summary>
    public static readonly StreamPosition None = new(-1, -1);

    /// <summary>What is no position of ours is before everything.</summary>
    public static StreamPosition Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length == 2 && Number(parts[0]) is { } options && Number(parts[1]) is { } claims ? new StreamPosition(options, claims) : None;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Options)}-{Math.Max(0, Claims)}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
