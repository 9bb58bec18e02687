namespace HmsMesh.Conformance.Tests;

public class DocumentationTests
{
    [Fact]
    public void DaprPage_NamesEveryScenarioOfTheOverlay()
    {
        var page = ConformanceSuite.Text("docs/dapr.md");
        foreach (var entry in ConformanceSuite.Embedded.Entries) page.ShouldContain($"`{entry.Scenario}`");
    }
}
