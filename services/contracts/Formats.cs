using NJsonSchema.Validation;
using NJsonSchema.Validation.FormatValidators;

namespace HmsMesh.Contracts;

/// <summary>The formats that are enforced.</summary>
internal static class Formats
{
    /// <summary>By the names of draft 7, and uuid.</summary>
    public static IReadOnlySet<string> Known { get; } =
        new HashSet<string>(["date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"], StringComparer.Ordinal);

    public static JsonSchemaValidatorSettings Settings()
    {
        var settings = new JsonSchemaValidatorSettings();
        settings.FormatValidators = [.. settings.FormatValidators.Where(f => f is not DateTimeFormatValidator), new Rfc3339Format()];
        return settings;
    }
}
