namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class ReloadTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("reload/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Reload_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
