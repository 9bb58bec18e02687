using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Tests.Processes;

public class LinePumpTests
{
    [Fact]
    public async Task Run_Text_CutsItIntoLines()
    {
        (await LinesAsync("one\r\n\ntwo\nthree")).ShouldBe(["one", "", "two", "three"]);
    }

    [Fact]
    public async Task Run_ALineWithoutEnd_IsCutAtTheLimit()
    {
        var lines = await LinesAsync(new string('x', (2 * LinePump.LongestLine) + 5));

        lines.Select(line => line.Length).ShouldBe([LinePump.LongestLine, LinePump.LongestLine, 5]);
    }

    private static async Task<List<string>> LinesAsync(string text)
    {
        var lines = new List<string>();
        await LinePump.RunAsync(new StringReader(text), lines.Add);
        return lines;
    }
}
