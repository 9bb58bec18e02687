using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HmsMesh.Cli.BrokerData;

/// <summary>How values of the broker are printed.</summary>
internal static class Show
{
    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "-";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB"),
    };

    /// <summary>JSON on one line; what is no JSON as text, so that a terminal is told nothing by its control characters.</summary>
    public static string Data(ReadOnlyMemory<byte> data)
    {
        if (Json(data) is { } json)
            return json.GetRawText().ReplaceLineEndings(" ");
        return new string([.. Encoding.UTF8.GetString(data.Span).Select(static letter => char.IsControl(letter) ? ' ' : letter)]);
    }

    public static JsonElement? Json(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
