using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HmsMesh.Claims.Intake;

/// <summary>Reads a form field by field, so that each fault is told at its field and all of them at once.</summary>
internal sealed partial class ApplicationReader(JsonElement form, DateOnly today, Words words)
{
    private const int LongestEmployer = 80;
    private const int LongestDocument = 200;
    private const int MostWeeks = 520;
    private const decimal MostIncome = 100_000;
    private const int MostYears = 5;

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>The form, or what is wrong with it.</summary>
    public static (Application? Form, Dictionary<string, string[]> Errors) Read(JsonElement form, DateOnly today, Words words)
    {
        var reader = new ApplicationReader(form, today, words);
        var read = new Application
        {
            Employer = reader.Employer(),
            LastDay = reader.LastDay(),
            Reason = reader.Reason(),
            WeeksWorked = (int)reader.Number("weeksWorked", MostWeeks, decimals: 0, words.WeeksWorked),
            WeeklyIncomeCents = (long)(reader.Number("weeklyIncome", MostIncome, decimals: 2, words.WeeklyIncome) * 100),
            AbleToWork = reader.Flag("ableToWork", words.AbleToWork),
            Veteran = reader.Flag("veteran", words.Veteran),
            Document = reader.Document(),
        };
        return reader._errors.Count == 0 ? (read, reader._errors) : (null, reader._errors);
    }

    private string Employer()
    {
        var text = Text("employer")?.Trim();
        return text is { Length: > 0 and <= LongestEmployer } && !text.Any(char.IsControl) ? text : Wrong("employer", words.Employer, "");
    }

    private DateOnly LastDay()
    {
        const string field = "lastDay";
        if (!DateOnly.TryParseExact(Text(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Wrong(field, words.LastDay, today);
        // It may be tomorrow already where the citizen is.
        if (day > today.AddDays(1))
            return Wrong(field, words.LastDayAhead, today);
        return day < today.AddYears(-MostYears) ? Wrong(field, words.LastDayLongAgo, today) : day;
    }

    private string Reason() => Text("reason") is { } text && Application.Reasons.Contains(text, StringComparer.Ordinal) ? text : Wrong("reason", words.Reason, "");

    private string? Document()
    {
        const string field = "document";
        if (Get(field) is null)
            return null;
        return Text(field) is { Length: <= LongestDocument } text && DocumentAddress().IsMatch(text) ? text : Wrong<string?>(field, words.Document, null);
    }

    private decimal Number(string field, decimal most, int decimals, string message) =>
        Get(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number)
        && number >= 0 && number <= most && decimal.Round(number, decimals) == number
            ? number
            : Wrong(field, message, 0m);

    private bool Flag(string field, string message) => Get(field)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Wrong(field, message, false),
    };

    private string? Text(string field)
    {
        if (Get(field) is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON, and no text.
            return null;
        }
    }

    private JsonElement? Get(string field) => form.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T Wrong<T>(string field, string message, T instead)
    {
        _errors[field] = [message];
        return instead;
    }

    [GeneratedRegex("^/api/documents/[A-Za-z0-9_-]{1,64}\\z", RegexOptions.None, 1000)]
    private static partial Regex DocumentAddress();
}
