using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>What a service may be called: its folder, its app id and, in Kubernetes, a DNS label.</summary>
internal static partial class AppName
{
    public const int MaxLength = 40;

    public const string Rule = "lower-case letters, digits and single hyphens between them, a letter first, at most 40 characters, such as meal-plans";

    /// <summary>App ids and folders that mean something else.</summary>
    public static readonly IReadOnlySet<string> Taken = new HashSet<string>(StringComparer.Ordinal) { Mesh, "kit", "contracts", "testing", "dapr-sdk", "bin", "obj" };

    /// <summary>The app id of `mesh publish`.</summary>
    public const string Mesh = "mesh";

    /// <summary>Why no service can have this name; null where one can.</summary>
    public static string? FaultOf(string name) => IsValid(name) ? null
        : Taken.Contains(name) ? $"it means something else here, as do {string.Join(", ", Taken.Where(taken => taken != name).Order(StringComparer.Ordinal))}"
        : Rule;

    public static bool IsValid(string name) => name.Length <= MaxLength && Valid().IsMatch(name) && !Taken.Contains(name);

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Valid();
}
