namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class EmbeddedAnswerTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.WholeGroup("subscribe/answer-");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Answer_Scenario_IsAsRecordedOrMeant(string name) => ConformanceSuite.PassesEmbeddedAsync(name);
}
