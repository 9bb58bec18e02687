namespace HmsMesh.Conformance.Tests;

public class EmbeddedOverlayTests
{
    [Fact]
    public void Entries_All_NameAStepThatIsThereAndAReason()
    {
        var seen = new HashSet<(string, int)>();
        foreach (var entry in ConformanceSuite.Embedded.Entries)
        {
            var scenario = ConformanceSuite.Named(entry.Scenario);
            entry.Step.ShouldBeInRange(0, scenario.Steps.Count - 1, entry.Scenario);
            entry.Reason.Length.ShouldBeGreaterThan(20, entry.Scenario);
            seen.Add((entry.Scenario, entry.Step)).ShouldBeTrue($"twice: {entry.Scenario} step {entry.Step}");
        }

        seen.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("publish/json")]
    [InlineData("publish/scopes")]
    [InlineData("subscribe/several-documents")]
    public void Apply_Scenario_ChangesEveryComponentAndNothingElse(string name)
    {
        var scenario = ConformanceSuite.Named(name);
        var changed = ConformanceSuite.Embedded.Apply(scenario);
        var (before, after) = (string.Concat(scenario.Resources.Values), string.Concat(changed.Resources.Values));
        after.ShouldNotContain("pubsub.in-memory");
        Occurrences(after, "type: pubsub.embedded").ShouldBe(Occurrences(before, "type: pubsub.in-memory"));
        Occurrences(after, "name: path").ShouldBe(Occurrences(before, "type: pubsub.in-memory"));
        Occurrences(after, "Scopes").ShouldBe(Occurrences(before, "Scopes"));
        changed.Steps.ShouldBe(scenario.Steps);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
