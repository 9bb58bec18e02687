using System.Reflection;

namespace HmsMesh.Conformance.Tests;

/// <summary>The scenarios of this repository, and the sidecar that they drive.</summary>
internal static class ConformanceSuite
{
    private const string SidecarVariable = "CONFORMANCE_SIDECAR";

    /// <summary>Some that show the whole way in little time; the quick run has no others.</summary>
    private static readonly HashSet<string> QuickOnes = new(StringComparer.Ordinal)
    {
        "startup/handshake", "publish/json", "publish/errors", "subscribe/routing-operators", "subscribe/dead-letter",
    };

    private static readonly Dictionary<string, Scenario> All =
        ScenarioFiles.Load(Path.Combine(Folder, "scenarios"), "startup/", "publish/", "subscribe/", "state/", "resiliency/", "reload/", "security/", "invoke/").ToDictionary(s => s.Name, StringComparer.Ordinal);

    public static ScenarioOverlay Embedded { get; } = ScenarioOverlay.Load(Path.Combine(Folder, "embedded-overlay.json"));

    public static TheoryData<string> Quick => [.. All.Keys.Where(QuickOnes.Contains)];

    private static string Root =>
        typeof(ConformanceSuite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;

    private static string Folder => Path.Combine(Root, "tests", "conformance");

    /// <summary>A file of the repository.</summary>
    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static Scenario Named(string name) => All[name];

    /// <summary>The scenarios of a group that are not among the quick ones.</summary>
    public static TheoryData<string> Group(string prefix) => [.. All.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !QuickOnes.Contains(n))];

    /// <summary>The scenarios of a group but those of another.</summary>
    public static TheoryData<string> Group(string prefix, string without) =>
        [.. All.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !n.StartsWith(without, StringComparison.Ordinal) && !QuickOnes.Contains(n))];

    /// <summary>The scenarios of a group, the quick ones too, which the quick run does not drive with the other broker.</summary>
    public static TheoryData<string> WholeGroup(string prefix) => [.. All.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];

    public static TheoryData<string> WholeGroup(string prefix, string without) =>
        [.. All.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !n.StartsWith(without, StringComparison.Ordinal))];

    public static async Task PassesAsync(string name)
    {
        var report = await Runner().RunAsync(Named(name), TestContext.Current.CancellationToken);
        Passed(report);
    }

    public static async Task PassesEmbeddedAsync(string name)
    {
        var scenario = Named(name);
        var report = await Runner().RunAsync(Embedded.Apply(scenario), TestContext.Current.CancellationToken);
        Passed(report);
        var unused = Embedded.Unused(scenario, report);
        if (unused.Count > 0) Assert.Fail($"not needed any more in embedded-overlay.json: {string.Join("; ", unused.Select(e => $"step {e.Step} ({e.Reason})"))}");
    }

    private static void Passed(ScenarioReport report)
    {
        if (report.Outcome == ScenarioOutcome.Failed) Assert.Fail(string.Join('\n', report.Differences));
        if (report.Outcome == ScenarioOutcome.Skipped) Assert.Skip(string.Join(", ", report.Differences));
    }

    private static ConformanceRunner Runner()
    {
        var command = Environment.GetEnvironmentVariable(SidecarVariable) is { Length: > 0 } given
            ? given.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(Root, "dapr", "runtime", "cli", "bin", "mesh"), "sidecar"];
        return new ConformanceRunner(new ConformanceOptions { Sidecar = command });
    }
}
