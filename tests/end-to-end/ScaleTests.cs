using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class ScaleTests
{
    [Theory]
    [InlineData]
    [InlineData("--isolated")]
    public async Task Scale_To3UnderLoadAndBackTo1_LosesNothingAndKeepsTheOrder(params string[] options)
    {
        await using var mesh = await new Mesh().UpAsync([.. options, "staffing", "gateway"]);
        await using var load = await Load.StartAsync(mesh);
        var handled = new Handled(mesh, "staffing");

        (await mesh.RunAsync("scale", "staffing", "3")).Code.ShouldBe(0);
        (await ServicesAsync(mesh)).ShouldBe(["gateway", "staffing", "staffing#2", "staffing#3"]);
        await load.MoreAsync(150);
        await CallsAreSharedAsync(mesh);
        (await mesh.RunAsync("restart", "staffing#2")).Code.ShouldBe(0);
        await load.MoreAsync(50);
        (await mesh.RunAsync("scale", "staffing", "1")).Code.ShouldBe(0);
        (await ServicesAsync(mesh)).ShouldBe(["gateway", "staffing"]);
        await load.MoreAsync(20);
        var said = await load.EndAsync();

        await handled.AllOnceAsync(said, Mesh.ToReact);
        handled.Instances().ShouldBe(["staffing", "staffing#2", "staffing#3"]);
        handled.Stale().ShouldBe(0);
        mesh.Host.Out.Where(line => line.Contains("failed", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Scale_OverARestart_IsRemembered_AndCommandsTakeOneOrAll()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy));
        await using var mesh = await new Mesh(clone.Program).UpAsync();
        (await mesh.RunAsync("scale", "app0", "2")).Code.ShouldBe(0);
        var ports = await PortsAsync(mesh);

        (await mesh.RunAsync("restart", "app0")).Code.ShouldBe(0);
        (await PortsAsync(mesh)).ShouldBe(ports);
        (await mesh.RunAsync("stop", "app0#2")).Code.ShouldBe(0);
        (await mesh.StatusAsync("app0")).GetProperty("state").GetString().ShouldBe("healthy");
        (await mesh.StatusAsync("app0#2")).GetProperty("state").GetString().ShouldBe("stopped");
        (await mesh.RunAsync("stop", "app0")).Code.ShouldBe(0);

        var stopped = await mesh.RunAsync("scale", "app0", "3");
        stopped.Code.ShouldBe(1);
        stopped.Error.ShouldContain("mesh start app0");
        (await mesh.RunAsync("start", "app0#3")).Error.ShouldContain("no instance 'app0#3'");
        (await mesh.RunAsync("scale", "app1", "3")).Error.ShouldContain("did you mean 'app0'?");
        (await mesh.RunAsync("scale", "app0", "17")).Code.ShouldBe(2);
    }

    /// <summary>Each instance is called as often as the others, by the name of the service; by the gateway, as nobody else may.</summary>
    private static async Task CallsAreSharedAsync(Mesh mesh)
    {
        const int Each = 10;
        var status = await mesh.StatusAsync();
        var pids = status.GetProperty("services").EnumerateArray().Where(static one => one.GetProperty("service").GetString() != "gateway").Select(one => one.GetProperty("pid").GetInt32()).ToList();
        using var caller = await mesh.SidecarAsync("gateway");
        async Task<int> CallAsync() =>
            JsonElement.Parse(await caller.GetStringAsync("/v1.0/invoke/staffing/method/mesh/stats", TestContext.Current.CancellationToken)).GetProperty("pid").GetInt32();

        // A sidecar that is a process knows the new names within a second.
        var known = new HashSet<int>();
        await Eventually.TrueAsync(
            async () =>
            {
                known.Add(await CallAsync());
                return known.Count == pids.Count;
            },
            Mesh.ToReact,
            "calls of all instances");
        var called = new List<int>();
        for (var i = 0; i < Each * pids.Count; i++)
            called.Add(await CallAsync());

        called.CountBy(static pid => pid).ToDictionary().ShouldBe(pids.ToDictionary(static pid => pid, static _ => Each), ignoreOrder: true);
    }

    private static async Task<IReadOnlyList<string>> ServicesAsync(Mesh mesh) =>
        [.. (await mesh.StatusAsync()).GetProperty("services").EnumerateArray().Select(one => one.GetProperty("service").GetString()!)];

    private static async Task<IReadOnlyList<string>> PortsAsync(Mesh mesh) =>
        [.. (await mesh.StatusAsync()).GetProperty("services").EnumerateArray().Select(one => $"{one.GetProperty("address")} {one.GetProperty("sidecarPort")}")];
}
