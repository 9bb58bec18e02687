using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace HmsMesh.Contracts;

/// <summary>Builds the validator's model from a schema file. Two things are gained over the library's own reader: a keyword that it
/// would pass over in silence (const is mapped, if is refused) is named with its place, and no reference leaves the file; and it takes
/// a tenth of the time, which every start of a service pays.</summary>
internal sealed class SchemaReader
{
    private readonly JsonElement _root;
    private readonly Dictionary<string, JsonSchema> _referenced = new(StringComparer.Ordinal);

    private SchemaReader(JsonElement root) => _root = root;

    public static JsonSchema Read(JsonElement root)
    {
        var reader = new SchemaReader(root);
        var schema = new RuledSchema();
        reader._referenced["#"] = schema;
        reader.Fill(schema, root, "");
        return schema;
    }

    private void Fill(JsonSchema schema, JsonElement source, string at)
    {
        if (source.ValueKind is JsonValueKind.True)
        {
            return;
        }

        if (source.ValueKind is JsonValueKind.False)
        {
            schema.Not = new JsonSchema();
            return;
        }

        if (source.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException(at, "a schema is an object, true or false");
        }

        if (source.TryGetProperty("$ref", out var reference))
        {
            // Draft 7: whatever stands beside $ref is not read.
            schema.Reference = Referenced(reference, $"{at}/$ref");
            return;
        }

        // additionalProperties is false for nobody until the file says so; the library's model starts the same.
        foreach (var keyword in source.EnumerateObject())
        {
            Apply(schema, keyword, $"{at}/{keyword.Name}");
        }
    }

    private void Apply(JsonSchema schema, JsonProperty keyword, string at)
    {
        var value = keyword.Value;
        var rules = ((IRuled)schema).Rules;
        switch (keyword.Name)
        {
            case "type": schema.Type = Types(value, at); break;
            case "enum": Each(value, at, (item, _) => rules.Choices.Add(JsonTokens.From(item))); break;
            case "const": rules.Choices.Add(JsonTokens.From(value)); break;
            case "multipleOf": schema.MultipleOf = Decimal(value, at); break;
            case "minimum": schema.Minimum = Decimal(value, at); break;
            case "maximum": schema.Maximum = Decimal(value, at); break;
            case "exclusiveMinimum": schema.ExclusiveMinimum = Decimal(value, at); break;
            case "exclusiveMaximum": schema.ExclusiveMaximum = Decimal(value, at); break;
            case "minLength": rules.Shortest = Count(value, at); break;
            case "maxLength": rules.Longest = Count(value, at); break;
            case "pattern": (rules.PatternText, rules.Pattern) = (Text(value, at), Pattern(Text(value, at), at)); break;
            case "format": rules.Format = Format(value, at); break;
            case "minItems": schema.MinItems = Count(value, at); break;
            case "maxItems": schema.MaxItems = Count(value, at); break;
            case "uniqueItems": rules.AreItemsUnique = Flag(value, at); break;
            case "minProperties": schema.MinProperties = Count(value, at); break;
            case "maxProperties": schema.MaxProperties = Count(value, at); break;
            case "required": Each(value, at, (item, place) => schema.RequiredProperties.Add(Text(item, place))); break;
            case "properties": Named(value, at, (name, item, place) => schema.Properties[name] = Property(item, place)); break;
            case "patternProperties": Named(value, at, (name, item, place) => schema.PatternProperties[Pattern(name, place).ToString()] = Property(item, place)); break;
            case "additionalProperties": AdditionalProperties(schema, value, at); break;
            case "items" when value.ValueKind != JsonValueKind.Array: schema.Item = Child(value, at); break;
            case "allOf": Each(value, at, (item, place) => AddToAll(schema, item, place)); break;
            case "anyOf" or "oneOf" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1: AddToAll(schema, value[0], $"{at}/0"); break;
            case "anyOf": Each(value, at, (item, place) => schema.AnyOf.Add(Child(item, place))); break;
            case "oneOf": Each(value, at, (item, place) => schema.OneOf.Add(Child(item, place))); break;
            case "not": schema.Not = Child(value, at); break;
            case "definitions" or "$schema" or "$id" or "$comment" or "title" or "description" or "default" or "examples" or "readOnly" or "writeOnly": break;
            default:
                if (!keyword.Name.StartsWith("x-", StringComparison.Ordinal))
                {
                    throw new SchemaException(at, $"the keyword {keyword.Name} is not enforced here");
                }

                break;
        }
    }

    private void AdditionalProperties(JsonSchema schema, JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            schema.AllowAdditionalProperties = value.GetBoolean();
        }
        else
        {
            schema.AdditionalPropertiesSchema = Child(value, at);
        }
    }

    // The library takes a schema with one reference in allOf for that reference alone, whatever else it holds: it has two then.
    private void AddToAll(JsonSchema schema, JsonElement source, string at)
    {
        schema.AllOf.Add(Child(source, at));
        schema.AllOf.Add(new RuledSchema());
    }

    private RuledSchema Child(JsonElement source, string at)
    {
        var schema = new RuledSchema();
        Fill(schema, source, at);
        return schema;
    }

    private RuledProperty Property(JsonElement source, string at)
    {
        var schema = new RuledProperty();
        Fill(schema, source, at);
        return schema;
    }

    private JsonSchema Referenced(JsonElement reference, string at)
    {
        var pointer = Text(reference, at);
        if (_referenced.TryGetValue(pointer, out var known))
        {
            return known;
        }

        if (!pointer.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new SchemaException(at, "a reference stays in its file (#/definitions/...)");
        }

        var target = _root;
        foreach (var step in pointer[2..].Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
            {
                throw new SchemaException(at, $"{pointer} is not there");
            }
        }

        // Registered before it is filled: a schema may refer to itself.
        var schema = new RuledSchema();
        _referenced[pointer] = schema;
        Fill(schema, target, pointer[1..]);
        return schema;
    }

    private static JsonObjectType Types(JsonElement value, string at)
    {
        var types = JsonObjectType.None;
        if (value.ValueKind == JsonValueKind.Array)
        {
            Each(value, at, (item, place) => types |= Type(item, place));
            return types;
        }

        return Type(value, at);
    }

    private static JsonObjectType Type(JsonElement value, string at) => Text(value, at) switch
    {
        "object" => JsonObjectType.Object,
        "array" => JsonObjectType.Array,
        "string" => JsonObjectType.String,
        "number" => JsonObjectType.Number,
        "integer" => JsonObjectType.Integer,
        "boolean" => JsonObjectType.Boolean,
        "null" => JsonObjectType.Null,
        var other => throw new SchemaException(at, $"{other} is no type"),
    };

    private static void Each(JsonElement value, string at, Action<JsonElement, string> visit)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new SchemaException(at, "must be an array");
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            visit(item, string.Create(CultureInfo.InvariantCulture, $"{at}/{index++}"));
        }
    }

    private static void Named(JsonElement value, string at, Action<string, JsonElement, string> visit)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException(at, "must be an object");
        }

        foreach (var property in value.EnumerateObject())
        {
            visit(property.Name, property.Value, $"{at}/{property.Name}");
        }
    }

    private static string Text(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new SchemaException(at, "must be a string");

    private static string Format(JsonElement value, string at) =>
        Formats.IsKnown(Text(value, at)) ? Text(value, at) : throw new SchemaException(at, $"the format {Text(value, at)} is not enforced here");

    private static Regex Pattern(string pattern, string at)
    {
        try
        {
            return EcmaPattern.Compile(pattern);
        }
        catch (FormatException e)
        {
            throw new SchemaException(at, $"the pattern {pattern} cannot be used: {e.Message}");
        }
    }

    private static bool Flag(JsonElement value, string at) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new SchemaException(at, "must be true or false");

    private static decimal Decimal(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw new SchemaException(at, "must be a number");

    private static int Count(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw new SchemaException(at, "must be a whole number");
}
