using NJsonSchema;

namespace HmsMesh.Contracts;

internal sealed class RuledProperty : JsonSchemaProperty, IRuled
{
    public SchemaRules Rules { get; } = new();
}
