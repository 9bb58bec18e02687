namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class PublishTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("publish/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Publish_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
