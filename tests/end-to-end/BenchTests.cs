using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class BenchTests
{
    /// <summary>Ten times what a slow machine needs; what waits for a timer or a retry is above it.</summary>
    private const double LooseBound = 100;

    private static readonly string[] Measures = ["accepted", "staffing", "supply-chain", "journey", "page", "direct"];

    [Fact]
    public async Task Afrh_WithAMeshOfItsOwn_SeesEveryReactionSoonAndLeavesNothing()
    {
        await using var bench = Running.Start(Path.Combine(Repository.Root, "mesh"), ["bench", "afrh", "--events", "39", "--json"]);

        var ran = await bench.EndAsync(Mesh.ToStart);

        ran.Code.ShouldBe(0, ran.Error);
        var report = JsonDocument.Parse(ran.Out).RootElement;
        report.GetProperty("events").GetInt32().ShouldBe(40);
        report.GetProperty("missing").GetArrayLength().ShouldBe(0);
        var measures = report.GetProperty("measures").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        measures.Keys.ShouldBe(Measures);
        foreach (var (name, times) in measures)
        {
            times.GetProperty("firstMs").GetDouble().ShouldBeGreaterThan(0, name);
            var median = times.GetProperty("medianMs").GetDouble();
            median.ShouldBeInRange(0.01, LooseBound, ran.Out);
            times.GetProperty("p99Ms").GetDouble().ShouldBeInRange(median, times.GetProperty("maxMs").GetDouble(), ran.Out);
        }

        // What passes a broker's disk and two services can't be faster than one call.
        measures["page"].GetProperty("medianMs").GetDouble().ShouldBeGreaterThan(measures["direct"].GetProperty("medianMs").GetDouble(), ran.Out);
        Directory.GetDirectories(Path.Combine(Repository.Root, ".mesh"), "bench-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Afrh_WhereAServiceHangs_NamesItAndFails()
    {
        await using var mesh = await new Mesh().UpAsync(Mesh.Afrh);
        var staffing = (await mesh.StatusAsync("staffing")).GetProperty("pid").GetInt32();
        await using var bench = mesh.Start("bench", "afrh", "--events", "100000", "--json");
        await Eventually.TrueAsync(() => mesh.Host.Out.Any(line => line.Contains("afrh.capacity.restored", StringComparison.Ordinal) && line.Contains("handled", StringComparison.Ordinal)), Mesh.ToReact, "the bench's second event");
        Running.Send("STOP", staffing);
        try
        {
            var ran = await bench.EndAsync(Mesh.ToEnd);

            ran.Code.ShouldBe(1, ran.Error);
            ran.Error.ShouldContain("staffing has not reacted to event");
            ran.Error.ShouldNotContain("supply-chain has not");
            JsonDocument.Parse(ran.Out).RootElement.GetProperty("missing").GetArrayLength().ShouldBe(1, ran.Out);

            var again = await mesh.RunAsync("bench", "afrh");
            again.Code.ShouldBe(1);
            again.Error.ShouldContain("staffing is not healthy");
        }
        finally
        {
            Running.Send("CONT", staffing);
        }
    }

    [Fact]
    public async Task Afrh_WithoutAMesh_SaysSo()
    {
        await using var mesh = new Mesh();

        var ran = await mesh.RunAsync("bench", "afrh");

        ran.Code.ShouldBe(3);
        ran.Error.ShouldContain("no mesh is running on");
    }
}
