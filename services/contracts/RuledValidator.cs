using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace HmsMesh.Contracts;

/// <summary>The library's validator, and beside it each schema's <see cref="SchemaRules"/>.</summary>
internal sealed class RuledValidator : JsonSchemaValidator
{
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string propertyName, string propertyPath)
    {
        var errors = base.Validate(token, schema, schemaType, propertyName, propertyPath);
        if (schema is IRuled ruled)
        {
            foreach (var kind in ruled.Rules.Check(token))
            {
                errors.Add(new ValidationError(kind, propertyName, propertyPath, token, schema));
            }
        }

        return errors;
    }
}
