using NJsonSchema;

namespace HmsMesh.Contracts;

internal sealed class RuledSchema : JsonSchema, IRuled
{
    public SchemaRules Rules { get; } = new();
}
