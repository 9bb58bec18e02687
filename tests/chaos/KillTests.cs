using System.Text.Json;

namespace HmsMesh.Chaos.Tests;

public class KillTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kill9_SidecarsServicesAndTheWriter_LosesNothing()
    {
        var publish = Size.Of(2_400, 100_000);

        var (exitCode, output, errors) = await Chaos.RunAsync("kill9", "--publish", $"{publish}", "--json");

        exitCode.ShouldBe(0, errors + output);
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        root.GetProperty("acknowledged").GetInt32().ShouldBeGreaterThanOrEqualTo(publish);
        root.GetProperty("found").GetInt32().ShouldBe(root.GetProperty("acknowledged").GetInt32());
        root.GetProperty("delivered").GetInt32().ShouldBe(root.GetProperty("deliveredOf").GetInt32());
        root.GetProperty("deadLetters").GetInt32().ShouldBe(root.GetProperty("deadLettersOf").GetInt32());
        (root.GetProperty("sidecarKills").GetInt32() + root.GetProperty("serviceKills").GetInt32()).ShouldBeGreaterThan(0);
    }
}
