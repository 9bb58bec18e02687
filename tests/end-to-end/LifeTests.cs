using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class LifeTests
{
    private static readonly TimeSpan ChildrensLimit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task CtrlC_EndsAllInOrder()
    {
        await using var mesh = await new Mesh().UpAsync(Mesh.Afrh);
        var pids = await mesh.PidsAsync();

        mesh.Host.Signal("INT");

        (await mesh.Host.EndAsync(Mesh.ToEnd)).Code.ShouldBe(0, mesh.Host.Everything);
        pids.ShouldAllBe(pid => !Running.IsAlive(pid));
        File.Exists(Path.Combine(mesh.Data, "run", "mesh.sock")).ShouldBeFalse();
    }

    [Fact]
    public async Task KillTheMesh_LeavesNothingRunning_AndTheNextOneLosesNothing()
    {
        await using var mesh = await new Mesh().UpAsync(Mesh.Afrh);
        (await mesh.RunAsync("stop", "supply-chain")).Code.ShouldBe(0);
        var waiting = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}""");
        var pids = (await mesh.StatusAsync()).GetProperty("services").EnumerateArray()
            .Where(one => one.TryGetProperty("pid", out _)).Select(one => one.GetProperty("pid").GetInt32()).ToList();
        pids.Count.ShouldBe(3);

        mesh.Host.Signal("KILL");

        await Eventually.TrueAsync(() => pids.TrueForAll(pid => !Running.IsAlive(pid)), ChildrensLimit, "the end of all services");
        await mesh.UpAsync(Mesh.Afrh);
        await mesh.HandledAsync("supply-chain", waiting);
    }

    [Fact]
    public async Task ShutdownOfASidecar_IsSaid_AndItComesBack()
    {
        await using var mesh = await new Mesh().UpAsync("staffing");
        var port = (await mesh.StatusAsync("staffing")).GetProperty("sidecarPort").GetInt32();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add(
            "dapr-api-token", await File.ReadAllTextAsync(Path.Combine(mesh.Data, "tokens", "staffing.api"), TestContext.Current.CancellationToken));
        (await http.PostAsync("/v1.0/shutdown", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var waiting = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}""");

        await mesh.HandledAsync("staffing", waiting);

        mesh.Host.Error.ShouldContain(line => line.Contains("the sidecar of staffing was shut down; it starts again in 0.5 s", StringComparison.Ordinal));
        var back = await mesh.StatusAsync("staffing");
        back.GetProperty("state").GetString().ShouldBe("healthy");
        back.GetProperty("sidecarRestarts").GetInt32().ShouldBe(1);
        back.GetProperty("restarts").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Detach_StatusDownReset_DoWhatTheySay()
    {
        await using var mesh = new Mesh();
        var up = await mesh.RunAsync("up", "--detach", "capacity", "staffing");
        up.Code.ShouldBe(0, up.Error);
        up.Out.ShouldContain("capacity");
        up.Out.ShouldNotContain("journey");
        var pids = await mesh.PidsAsync();
        (await mesh.RunAsync("reset", "--yes")).Code.ShouldBe(5);

        (await mesh.RunAsync("down")).Code.ShouldBe(0);

        pids.ShouldAllBe(pid => !Running.IsAlive(pid));
        (await mesh.RunAsync("status")).Code.ShouldBe(3);
        (await mesh.RunAsync("reset", "--yes")).Code.ShouldBe(0);
        Directory.EnumerateFileSystemEntries(mesh.Data).ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoMeshes_SideBySide_KeepToThemselves()
    {
        await using var one = await new Mesh().UpAsync("staffing");
        await using var two = await new Mesh().UpAsync("staffing");

        var id = await one.PublishAsync("""{"facility":"gulfport","bedsFree":4}""");

        await one.HandledAsync("staffing", id);
        await two.HandledAsync("staffing", await two.PublishAsync("""{"facility":"gulfport","bedsFree":4}"""));
        two.Host.Everything.ShouldNotContain(id);
    }

    [Fact]
    public async Task Up_Again_KeepsItsPortsAndTokens()
    {
        await using var mesh = await new Mesh().UpAsync("staffing");
        var before = (await mesh.StatusAsync("staffing")).GetProperty("address").GetString();
        var tokens = Directory.GetFiles(Path.Combine(mesh.Data, "tokens")).Order().Select(File.ReadAllText).ToList();
        (await mesh.RunAsync("down")).Code.ShouldBe(0);
        await mesh.Host.EndAsync(Mesh.ToEnd);

        await mesh.UpAsync("staffing");

        (await mesh.StatusAsync("staffing")).GetProperty("address").GetString().ShouldBe(before);
        Directory.GetFiles(Path.Combine(mesh.Data, "tokens")).Order().Select(File.ReadAllText).ShouldBe(tokens);
    }
}
