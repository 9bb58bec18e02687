using System.Text.Json;
using HmsMesh.Claims.Intake;

namespace HmsMesh.Claims.Decisions;

/// <summary>Finds everything that is wrong in a rules file.</summary>
internal static class RuleFileCheck
{
    private const int LongestId = 64;
    private const int LongestText = 500;
    private const decimal MostDollars = 1_000_000;

    public static IEnumerable<string> Faults(RuleFile file)
    {
        if (file.Version is not { Length: > 0 and <= LongestId })
            yield return $"version has 1 to {LongestId} characters";
        if (file.Amount is < 1 or > MostDollars || decimal.Round(file.Amount, 2) != file.Amount)
            yield return $"amount is in dollars, from 1 to {MostDollars}, with at most two decimals";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in file.Rules)
        {
            foreach (var fault in Outcome(rule.Id, rule.Explanation, ids))
                yield return fault;
            if (rule.When.Count == 0)
                yield return $"{rule.Id} has no condition and would apply to everyone";
            foreach (var condition in rule.When)
            {
                if (Fault(condition) is { } fault)
                    yield return $"{rule.Id}: {fault}";
            }
        }

        foreach (var fault in Outcome(file.Otherwise.Id, file.Otherwise.Explanation, ids))
            yield return fault;
    }

    private static IEnumerable<string> Outcome(string id, Explanation explanation, HashSet<string> ids)
    {
        if (id is not { Length: > 0 and <= LongestId })
            yield return $"an id has 1 to {LongestId} characters";
        if (!ids.Add(id))
            yield return $"{id} is there twice";
        if (explanation.En is not { Length: > 0 and <= LongestText } || explanation.Es is not { Length: > 0 and <= LongestText })
            yield return $"{id} needs an explanation in English and Spanish, each of 1 to {LongestText} characters";
    }

    private static string? Fault(Condition condition)
    {
        if (!Facts.Kinds.TryGetValue(condition.Field, out var kind))
            return $"there is no field {condition.Field}; there are {string.Join(", ", Facts.Kinds.Keys)}";
        if (new object?[] { condition.Is, condition.Below, condition.Above }.Count(c => c is not null) != 1)
            return $"{condition.Field} needs one of is, below and above";
        if (kind == typeof(decimal))
            return condition.Is is null ? null : $"{condition.Field} is a number: say below or above";
        if (kind == typeof(bool))
            return condition.Is?.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{condition.Field} is true or false";
        return condition.Is is { ValueKind: JsonValueKind.String } text && Application.Reasons.Contains(text.GetString()!, StringComparer.Ordinal)
            ? null
            : $"{condition.Field} is one of {string.Join(", ", Application.Reasons)}";
    }
}
