namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class StartupTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("startup/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Startup_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
