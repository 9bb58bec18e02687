namespace HmsMesh.Cli.New;

/// <summary>Names in C# from names in the mesh.</summary>
internal static class Words
{
    private static readonly char[] Separators = ['.', '-'];

    /// <summary>meal-plans is MealPlans, census.release.2024 CensusRelease2024.</summary>
    public static string Pascal(string name)
    {
        var pascal = string.Concat(name.Split(Separators).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return char.IsAsciiLetter(pascal[0]) ? pascal : "Event" + pascal;
    }

    /// <summary>A topic's record is named by its last two words, or by all where that name is taken.</summary>
    public static string TypeOf(string topic, IReadOnlySet<string> taken)
    {
        var words = topic.Split('.');
        var name = Pascal(string.Join('.', words[Math.Max(0, words.Length - 2)..]));
        return taken.Contains(name) ? Pascal(topic) : name;
    }
}
