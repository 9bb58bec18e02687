using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>JSON as Go prints the values that it reads from it: what daprd publishes of a value that has no content type.</summary>
internal static class GoText
{
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append("map[");
                var first = true;
                foreach (var property in value.EnumerateObject().GroupBy(static property => property.Name, StringComparer.Ordinal)
                    .Select(static same => same.Last()).OrderBy(static property => property.Name, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : " ").Append(property.Name).Append(':');
                    Write(text, property.Value);
                    first = false;
                }

                text.Append(']');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                for (var at = 0; at < value.GetArrayLength(); at++)
                {
                    text.Append(at == 0 ? "" : " ");
                    Write(text, value[at]);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append(value.GetString());
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                text.Append(value.GetBoolean() ? "true" : "false");
                break;
            default:
                text.Append("<nil>");
                break;
        }
    }

    // %v of a float: the shortest digits that mean it, with an exponent below -4 and from 6 on, as in 1e+06.
    private static string Number(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest.StartsWith('-') ? "-" : "";
        var parts = shortest[sign.Length..].Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
        {
            return sign + "0";
        }

        var exponent = (point < 0 ? all.Length : point) - (all.Length - digits.Length) - 1
            + (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        if (exponent is < -4 or >= 6)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }

        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1 ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
