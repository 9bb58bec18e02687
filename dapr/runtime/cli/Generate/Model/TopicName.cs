using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>What a topic may be called, and which topics a name with * stands for.</summary>
internal static partial class TopicName
{
    public const int MaxLength = 120;

    public const string Rule = "lower-case words of letters, digits and hyphens, two or more, with dots between them, such as permit.request.filed";

    public static bool IsValid(string topic) => topic.Length <= MaxLength && Valid().IsMatch(topic) && !IsDeadLetter(topic);

    public static bool IsPattern(string topic) => topic.Contains('*', StringComparison.Ordinal);

    public static bool IsValidPattern(string pattern) => pattern.Length <= MaxLength && ValidPattern().IsMatch(pattern);

    /// <summary>Names that end so belong to subscribers, who put there what they cannot handle.</summary>
    public static bool IsDeadLetter(string topic) => topic.EndsWith(".dead", StringComparison.Ordinal);

    public static string DeadLetterOf(string app) => app + ".dead";

    /// <summary>* stands for the rest of a name, one word or more, and * alone for every topic that is said.</summary>
    public static bool Matches(string pattern, string topic) =>
        IsPattern(pattern) ? topic.StartsWith(pattern[..^1], StringComparison.Ordinal) && topic.Length >= pattern.Length : pattern == topic;

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Valid();

    [GeneratedRegex(@"^([a-z0-9]+(-[a-z0-9]+)*\.)*\*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ValidPattern();
}
