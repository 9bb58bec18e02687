namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class SubscribeTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("subscribe/", without: "subscribe/answer-");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Subscribe_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
