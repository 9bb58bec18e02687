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
        root.GetProperty("writerKills").GetInt32().ShouldBeGreaterThan(0);
        root.GetProperty("serviceKills").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kill9_NothingIsAcknowledgedAnyMore_IsAWrongNumberAmongThoseThatCount()
    {
        var (exitCode, output, errors) = await Chaos.RunAsync(StoppedWriter.KeepAsync, "kill9", "--publish", "1000000", "--patience", "5", "--json");

        exitCode.ShouldBe(1, errors + output);
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        root.GetProperty("wrong").EnumerateArray().ShouldContain(wrong => wrong.GetString()!.StartsWith("stalled: nothing was acknowledged for 5 s"), errors);
        root.GetProperty("acknowledged").GetInt32().ShouldBeGreaterThan(0);
        root.GetProperty("found").GetInt32().ShouldBe(root.GetProperty("acknowledged").GetInt32());
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kill9_NoWriterIsKilled_IsAWrongNumber()
    {
        var (exitCode, output, errors) = await Chaos.RunAsync("kill9", "--publish", "100", "--spare-writers");

        exitCode.ShouldBe(1, errors + output);
        errors.ShouldContain("mesh: no writer killed: ");
    }
}
