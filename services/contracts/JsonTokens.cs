using System.Text.Json;
using Newtonsoft.Json.Linq;

namespace HmsMesh.Contracts;

/// <summary>Hands a parsed payload to the validator without a second, more lenient, parse. Numbers stay decimal, so that 0.07 is a
/// multiple of 0.01; a number without a fraction is an integer however it is written.</summary>
internal static class JsonTokens
{
    public static JToken From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Object(element),
        JsonValueKind.Array => Array(element),
        JsonValueKind.String => new JValue(element.GetString()),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => new JValue(true),
        JsonValueKind.False => new JValue(false),
        _ => JValue.CreateNull(),
    };

    private static JObject Object(JsonElement element)
    {
        var result = new JObject();
        foreach (var property in element.EnumerateObject())
        {
            result.Add(property.Name, From(property.Value));
        }

        return result;
    }

    private static JArray Array(JsonElement element)
    {
        var result = new JArray();
        foreach (var item in element.EnumerateArray())
        {
            result.Add(From(item));
        }

        return result;
    }

    private static JValue Number(JsonElement element)
    {
        if (element.TryGetInt64(out var integer))
        {
            return new JValue(integer);
        }

        // What a service reads as a decimal, with its 28 digits, is what is checked.
        if (element.TryGetDecimal(out var exact))
        {
            return exact != decimal.Truncate(exact) ? new JValue(exact)
                : exact is >= long.MinValue and <= long.MaxValue ? new JValue((long)exact)
                : new WholeNumber(exact);
        }

        // So large that it has no fraction.
        return element.TryGetDouble(out var large) && double.IsFinite(large)
            ? new WholeNumber(large)
            : throw new OverflowException("the number is larger than any that can be read");
    }
}
