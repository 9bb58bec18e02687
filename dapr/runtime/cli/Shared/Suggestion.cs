namespace HmsMesh.Cli;

/// <summary>"Did you mean ...?"</summary>
internal static class Suggestion
{
    /// <summary>A bracketed question, or nothing where no known name is near.</summary>
    public static string For(string asked, IEnumerable<string> known)
    {
        var nearest = known
            .Select(name => (name, distance: Distance(asked.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.name is not null && nearest.distance <= Math.Max(2, asked.Length / 3) ? $" (did you mean '{nearest.name}'?)" : "";
    }

    /// <summary>Levenshtein's distance, in one row.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
