using System.Globalization;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>PUBLISHER-LANE-NUMBER: the number counts within the lane, which is the event's key.</summary>
internal static class EventId
{
    public static string Make(string lane, int number) => string.Create(CultureInfo.InvariantCulture, $"{lane}-{number}");

    public static string Lane(string id) => id[..id.LastIndexOf('-')];

    public static int Number(string id) => int.Parse(id.AsSpan(id.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}
