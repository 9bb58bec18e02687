namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class ResiliencyTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("resiliency/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Resiliency_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
