namespace HmsMesh.Conformance.Tests;

[Trait("Category", "Slow")]
public class SecurityTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Group("security/");

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Security_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
