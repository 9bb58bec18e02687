namespace HmsMesh.Conformance.Tests;

public class QuickTests
{
    public static TheoryData<string> Scenarios => ConformanceSuite.Quick;

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Scenarios))]
    public Task Quick_Scenario_IsAsRecorded(string name) => ConformanceSuite.PassesAsync(name);
}
