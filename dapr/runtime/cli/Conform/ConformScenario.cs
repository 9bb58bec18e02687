namespace HmsMesh.Cli.Conform;

/// <summary>How a scenario went.</summary>
/// <param name="SecondTry">As recorded, with more time: the machine was busy.</param>
/// <param name="Differences">What differs from what is recorded; what is missing, where it was skipped.</param>
internal sealed record ConformScenario(string Name, ConformOutcome Outcome, bool SecondTry, IReadOnlyList<string> Differences, double Seconds)
{
    public string Group => Name.Split('/')[0];
}
