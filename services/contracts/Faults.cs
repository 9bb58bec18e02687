using System.Text.Json;
using NJsonSchema.Validation;

namespace HmsMesh.Contracts;

/// <summary>Turns what the validator found into pointers and sentences.</summary>
internal static class Faults
{
    public static IReadOnlyList<ContractFault> From(IEnumerable<ValidationError> errors, JsonElement data)
    {
        var faults = new List<ContractFault>();
        Add(errors, data, faults);
        return [.. faults.Distinct().Take(ContractLimits.Faults)];
    }

    private static void Add(IEnumerable<ValidationError> errors, JsonElement data, List<ContractFault> faults)
    {
        foreach (var error in errors)
        {
            // Of an array's item, say what is wrong inside it; of anyOf and oneOf, say that none fits.
            if (error.Kind is ValidationErrorKind.ArrayItemNotValid or ValidationErrorKind.AdditionalPropertiesNotValid or ValidationErrorKind.NotAllOf
                && error is ChildSchemaValidationError child)
            {
                Add(child.Errors.Values.SelectMany(e => e), data, faults);
            }
            else
            {
                faults.Add(new ContractFault(PointerPath.Resolve(error.Path, data), Say(error)));
            }
        }
    }

    private static string Say(ValidationError error)
    {
        var schema = error.Schema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => "is required",
            ValidationErrorKind.NoAdditionalPropertiesAllowed => "is not in the contract",
            ValidationErrorKind.StringExpected => "must be a string",
            ValidationErrorKind.NumberExpected => "must be a number",
            ValidationErrorKind.IntegerExpected => "must be an integer",
            ValidationErrorKind.BooleanExpected => "must be true or false",
            ValidationErrorKind.ObjectExpected => "must be an object",
            ValidationErrorKind.ArrayExpected => "must be an array",
            ValidationErrorKind.NullExpected => "must be null",
            ValidationErrorKind.NumberTooSmall => $"must be at least {schema.Minimum ?? schema.ExclusiveMinimum}" + (schema.Minimum is null ? ", and not that" : ""),
            ValidationErrorKind.NumberTooBig => $"must be at most {schema.Maximum ?? schema.ExclusiveMaximum}" + (schema.Maximum is null ? ", and not that" : ""),
            ValidationErrorKind.NumberNotMultipleOf => $"must be a multiple of {schema.MultipleOf}",
            ValidationErrorKind.TooFewItems => $"must have at least {schema.MinItems} items",
            ValidationErrorKind.TooManyItems => $"must have at most {schema.MaxItems} items",
            ValidationErrorKind.NotAnyOf => "fits none of the allowed forms",
            ValidationErrorKind.NotOneOf => "must fit exactly one of the allowed forms",
            ValidationErrorKind.ExcludedSchemaValidates => "has a form that is not allowed",
            var kind => (schema as IRuled)?.Rules.Say(kind) ?? $"is not valid ({kind})",
        };
    }
}
