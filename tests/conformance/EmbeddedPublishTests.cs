namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class EmbeddedPublishTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.WholeGroup("publish/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Publish_Scenario_IsAsRecordedOrMeant(string name) => ConformanceSuite.PassesEmbeddedAsync(name);
}
