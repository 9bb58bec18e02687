namespace HmsMesh.Chaos.Tests;

public class DiskTests
{
    [Fact]
    public async Task Disk_FilledAndDamaged_LosesNothingAndAcceptsNothingInSilence()
    {
        var (fills, damages) = (Size.Of(3, 50), Size.Of(400, 20_000));

        var (exitCode, output, errors) = await Chaos.RunAsync("disk", "--fills", $"{fills}", "--damages", $"{damages}");

        exitCode.ShouldBe(0, errors + output);
        output.ShouldContain($"full {fills} times");
        output.ShouldContain($"damaged {damages} times");
        output.ShouldContain("accepted in silence 0");
    }
}
