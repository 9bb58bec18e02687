using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class SidecarBenchTests
{
    [Fact]
    public async Task Bench_OfTwoSidecarsByTurns_HasEachMeasureOfBothAndLeavesNothing()
    {
        var mesh = Path.Combine(Repository.Root, "mesh");
        await using var bench = Running.Start(mesh, ["bench", "--against", mesh + " sidecar", "--seconds", "0.3", "--connections", "4", "--json"]);

        var ran = await bench.EndAsync(Mesh.ToStart);

        ran.Code.ShouldBe(0, ran.Error);
        var report = JsonDocument.Parse(ran.Out).RootElement;
        report.GetProperty("sidecars").GetArrayLength().ShouldBe(2);
        var rows = report.GetProperty("rows").EnumerateArray().ToList();
        rows.Count.ShouldBe(10, ran.Out);
        foreach (var row in rows)
        {
            var reference = row.GetProperty("referenceValue").GetDouble();
            reference.ShouldBeGreaterThan(0, ran.Out);
            row.GetProperty("cells").GetArrayLength().ShouldBe(2, ran.Out);
            foreach (var cell in row.GetProperty("cells").EnumerateArray())
            {
                cell.GetProperty("bad").GetInt32().ShouldBe(0, ran.Out);
                cell.GetProperty("ofReference").GetDouble().ShouldBe(cell.GetProperty("value").GetDouble() / reference, 1e-9, ran.Out);
            }
        }

        Directory.GetDirectories(Path.Combine(Repository.Root, ".mesh"), "bench-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Bench_OfACommandThatEnds_TellsWhatItSaid()
    {
        await using var bench = Running.Start(Path.Combine(Repository.Root, "mesh"), ["bench", "--sidecar", "sh -c 'exit'", "--only", "publish", "--seconds", "0.1"]);

        var ran = await bench.EndAsync(Mesh.ToStart);

        ran.Code.ShouldBe(1);
        ran.Error.ShouldContain("did not become healthy");
    }

    [Fact]
    public async Task Bench_OfAnUnknownMeasure_NamesThoseThatThereAre()
    {
        await using var bench = Running.Start(Path.Combine(Repository.Root, "mesh"), ["bench", "--only", "publsh"]);

        var ran = await bench.EndAsync(Mesh.ToStart);

        ran.Code.ShouldBe(2);
        ran.Error.ShouldContain("'publish'");
    }
}
