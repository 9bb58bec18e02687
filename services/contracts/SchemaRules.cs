using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema.Validation;

namespace HmsMesh.Contracts;

/// <summary>What the library judges otherwise than JSON Schema does, and so than the kits of other languages do: it compares values by
/// their text, measures characters in units of UTF-16, and takes patterns for .NET's.</summary>
internal sealed class SchemaRules
{
    public List<JToken> Choices { get; } = [];

    public int? Shortest { get; set; }

    public int? Longest { get; set; }

    public Regex? Pattern { get; set; }

    public string? PatternText { get; set; }

    public string? Format { get; set; }

    public bool AreItemsUnique { get; set; }

    public IEnumerable<ValidationErrorKind> Check(JToken value)
    {
        if (Choices.Count > 0 && !Choices.Exists(choice => JToken.DeepEquals(choice, value)))
        {
            yield return ValidationErrorKind.NotInEnumeration;
        }

        if (AreItemsUnique && value is JArray items && HoldsOneTwice(items))
        {
            yield return ValidationErrorKind.ItemsNotUnique;
        }

        if (value.Type != JTokenType.String)
        {
            yield break;
        }

        var text = value.Value<string>()!;
        if (Pattern is not null && !IsMatch(Pattern, text))
        {
            yield return ValidationErrorKind.PatternMismatch;
        }

        if (Shortest > 0 || Longest is not null)
        {
            var length = text.EnumerateRunes().Count();
            if (length < Shortest)
            {
                yield return ValidationErrorKind.StringTooShort;
            }

            if (length > Longest)
            {
                yield return ValidationErrorKind.StringTooLong;
            }
        }

        if (Format is not null && !Formats.Fits(Format, text))
        {
            yield return ValidationErrorKind.Unknown;
        }
    }

    /// <summary>The sentence of a fault that <see cref="Check"/> found; null for one that it knows nothing of.</summary>
    public string? Say(ValidationErrorKind kind) => kind switch
    {
        ValidationErrorKind.NotInEnumeration => $"must be one of {string.Join(", ", Choices)}",
        ValidationErrorKind.ItemsNotUnique => "must not hold an item twice",
        ValidationErrorKind.PatternMismatch => $"must match {PatternText}",
        ValidationErrorKind.StringTooShort => $"must have at least {Shortest} characters",
        ValidationErrorKind.StringTooLong => $"must have at most {Longest} characters",
        ValidationErrorKind.Unknown => $"must be a {Format}",
        _ => null,
    };

    private static bool HoldsOneTwice(JArray items)
    {
        var seen = new HashSet<JToken>(JToken.EqualityComparer);
        return items.Any(item => !seen.Add(item));
    }

    private static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // A pattern that needs longer than a second for a payload of 64 KB vouches for nothing.
            return false;
        }
    }
}
