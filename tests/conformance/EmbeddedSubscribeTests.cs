namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class EmbeddedSubscribeTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.WholeGroup("subscribe/", without: "subscribe/answer-");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Subscribe_Scenario_IsAsRecordedOrMeant(string name) => ConformanceSuite.PassesEmbeddedAsync(name);
}
