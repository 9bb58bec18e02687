namespace HmsMesh.Cli.Generate.Lints;

/// <summary>The part of JSON Schema draft 7 that every validator of the mesh enforces: what one of them passes over in silence
/// (if, contains, dependencies, a list of items), one service sends and the next one trips over.</summary>
internal static class SchemaKeywords
{
    /// <summary>Values that are no schemas.</summary>
    public static readonly IReadOnlySet<string> Leaves = new HashSet<string>(StringComparer.Ordinal)
    {
        "$schema", "$id", "$ref", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly", "type", "enum", "const", "required", "format", "pattern",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
        "minProperties", "maxProperties",
    };

    /// <summary>One schema.</summary>
    public static readonly IReadOnlySet<string> Schemas = new HashSet<string>(StringComparer.Ordinal) { "items", "additionalProperties", "not" };

    /// <summary>A list of schemas.</summary>
    public static readonly IReadOnlySet<string> SchemaLists = new HashSet<string>(StringComparer.Ordinal) { "allOf", "anyOf", "oneOf" };

    /// <summary>A map of schemas by name.</summary>
    public static readonly IReadOnlySet<string> SchemaMaps = new HashSet<string>(StringComparer.Ordinal) { "properties", "patternProperties", "definitions" };

    /// <summary>Formats that every validator checks; others are taken for notes by some, and a pattern says the same.</summary>
    public static readonly IReadOnlySet<string> Formats = new HashSet<string>(StringComparer.Ordinal)
    {
        "date-time",
    };
}
