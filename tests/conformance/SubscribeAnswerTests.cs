namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class SubscribeAnswerTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("subscribe/answer-");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Answer_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
