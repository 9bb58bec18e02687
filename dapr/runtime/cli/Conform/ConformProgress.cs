using System.Globalization;
using HmsMesh.Conformance;

namespace HmsMesh.Cli.Conform;

/// <summary>Tells each scenario as it ends.</summary>
internal sealed class ConformProgress(TextWriter output) : IProgress<ScenarioReport>
{
    private readonly Lock _lock = new();

    public void Report(ScenarioReport value)
    {
        var word = value.Outcome switch
        {
            ScenarioOutcome.Passed => "as recorded ",
            ScenarioOutcome.PassedOnSecondTry => "second try  ",
            ScenarioOutcome.Failed => "differs     ",
            _ => "skipped     ",
        };
        lock (_lock)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word}{value.Name} ({value.Duration.TotalSeconds:0.0} s)"));
            output.Flush();
        }
    }
}
