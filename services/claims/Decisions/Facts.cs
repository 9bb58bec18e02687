namespace HmsMesh.Claims.Decisions;

/// <summary>What the rules may look at, by the names that they use.</summary>
internal sealed record Facts(bool AbleToWork, bool Veteran, string Reason, decimal WeeksWorked, decimal WeeklyIncome, decimal DaysSinceLastDay)
{
    /// <summary>Each field's kind, for the check of a rules file.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Kinds = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["ableToWork"] = typeof(bool),
        ["veteran"] = typeof(bool),
        ["reason"] = typeof(string),
        ["weeksWorked"] = typeof(decimal),
        ["weeklyIncome"] = typeof(decimal),
        ["daysSinceLastDay"] = typeof(decimal),
    };

    public object? this[string field] => field switch
    {
        "ableToWork" => AbleToWork,
        "veteran" => Veteran,
        "reason" => Reason,
        "weeksWorked" => WeeksWorked,
        "weeklyIncome" => WeeklyIncome,
        "daysSinceLastDay" => DaysSinceLastDay,
        _ => null,
    };
}
