namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class InvokeTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("invoke/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Invoke_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
