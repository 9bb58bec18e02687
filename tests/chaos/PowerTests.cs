namespace HmsMesh.Chaos.Tests;

public class PowerTests
{
    [Fact]
    public async Task Power_ManyCuts_LoseNothing()
    {
        var rounds = Size.Of(100, 20_000);

        var (exitCode, output, errors) = await Chaos.RunAsync("power", "--rounds", $"{rounds}");

        exitCode.ShouldBe(0, errors + output);
        output.ShouldStartWith($"{rounds} power cuts");
        output.ShouldContain("lost 0");
    }

    [Fact]
    public async Task Power_DiskThatLiesAboutSyncs_IsFoundOut()
    {
        var (exitCode, _, errors) = await Chaos.RunAsync("power", "--rounds", "200", "--lying-disk", "--seed", "1");

        exitCode.ShouldBe(1);
        errors.ShouldMatch("'mesh chaos power --seed [0-9]+ --lying-disk' repeats it");
    }
}
