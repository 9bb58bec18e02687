namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class StateTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("state/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task State_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
