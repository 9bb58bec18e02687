using System.Globalization;
using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>`mesh up --isolated`: each sidecar a process, and any process may be killed.</summary>
[Trait("Category", "Slow")]
public class IsolatedTests
{
    private static readonly TimeSpan ChildrensLimit = TimeSpan.FromSeconds(2);
    private static readonly string[] Hearers = ["staffing", "supply-chain", "journey"];

    [Fact]
    public async Task Isolated_EveryCommandOfUp_WorksOnIt()
    {
        await using var mesh = await new Mesh().UpAsync(["--isolated", .. Mesh.Afrh]);
        var status = await mesh.StatusAsync();
        var sidecars = Sidecars(status);
        sidecars.Distinct().Count().ShouldBe(5);
        sidecars.ShouldAllBe(pid => Running.IsAlive(pid) && pid != mesh.Host.Pid);
        foreach (var token in Directory.GetFiles(Path.Combine(mesh.Data, "tokens")).Select(File.ReadAllText))
            sidecars.ShouldAllBe(pid => !File.ReadAllText($"/proc/{pid}/cmdline").Contains(token, StringComparison.Ordinal));

        var low = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":4}""");
        foreach (var service in Hearers)
            await mesh.HandledAsync(service, low);
        (await mesh.RunAsync("call", "capacity", "GET", "/facilities")).Code.ShouldBe(0);
        (await mesh.RunAsync("stop", "supply-chain")).Code.ShouldBe(0);
        var waiting = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}""");
        await mesh.HandledAsync("staffing", waiting);
        (await mesh.StatusAsync("supply-chain")).TryGetProperty("sidecarPid", out _).ShouldBeFalse();
        (await mesh.RunAsync("start", "supply-chain")).Code.ShouldBe(0);
        await mesh.HandledAsync("supply-chain", waiting);
        (await mesh.RunAsync("bench", "afrh", "--events", "19", "--json")).Code.ShouldBe(0);
        (await mesh.RunAsync("logs", "staffing")).Out.ShouldContain("App is subscribed to afrh.capacity.low of pubsub");
        sidecars = Sidecars(await mesh.StatusAsync());

        mesh.Host.Signal("INT");

        (await mesh.Host.EndAsync(Mesh.ToEnd)).Code.ShouldBe(0, mesh.Host.Everything);
        sidecars.ShouldAllBe(pid => !Running.IsAlive(pid));
    }

    [Fact]
    public async Task Kill_OfAnyProcess_LosesNothingAndHandlesAllOnce()
    {
        await using var mesh = await new Mesh().UpAsync("--isolated", "staffing", "capacity");
        await using var load = await Load.StartAsync(mesh);
        var handled = new Handled(mesh, "staffing");
        await load.MoreAsync(30);
        var said = new List<string>();

        foreach (var victim in new[] { Victim.Service, Victim.Sidecar, Victim.OwnSidecar, Victim.Writer, Victim.Writer })
        {
            var pid = await PidAsync(mesh, victim);
            Running.Send("KILL", pid);
            said.Add(await mesh.PublishAsync("""{"facility":"five","bedsFree":3}"""));
            await Eventually.TrueAsync(async () => await AllRunAsync(mesh, pid), Mesh.ToReact, $"all processes after the death of the {victim} in\n{mesh.Host.Everything}");
            await load.MoreAsync(30);
        }

        said.AddRange(await load.EndAsync());
        await handled.AllOnceAsync(said, Mesh.ToEnd);
        var status = await mesh.StatusAsync();
        var services = status.GetProperty("services").EnumerateArray().ToList();
        var sidecarRestarts = services.Sum(one => one.GetProperty("sidecarRestarts").GetInt32()) + status.GetProperty("ownSidecar").GetProperty("restarts").GetInt32();
        sidecarRestarts.ShouldBe(4, mesh.Host.Everything);
        services.Sum(one => one.GetProperty("restarts").GetInt32()).ShouldBe(1);
        mesh.Host.Error.Count(line => line.Contains("was ended by SIGKILL", StringComparison.Ordinal)).ShouldBe(5);
        Dead(mesh).ShouldBeEmpty();
    }

    [Fact]
    public async Task KillTheMesh_EndsItsSidecarsToo()
    {
        await using var mesh = await new Mesh().UpAsync("--isolated", "staffing");
        var status = await mesh.StatusAsync();
        var pids = Sidecars(status).Append(status.GetProperty("services")[0].GetProperty("pid").GetInt32()).ToList();

        mesh.Host.Signal("KILL");

        await Eventually.TrueAsync(() => pids.TrueForAll(pid => !Running.IsAlive(pid)), ChildrensLimit, "the end of all processes");
        await mesh.UpAsync("--isolated", "staffing");
        await mesh.HandledAsync("staffing", await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}"""));
    }

    [Fact]
    public async Task Up_ABrokenResource_NamesFileAndLine()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy));
        await File.WriteAllTextAsync(
            Path.Combine(clone.Root, "components", "embedded", "pubsub.yaml"),
            "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: pubsub}\nspec: {type: pubsub.nats, version: v1}\n",
            TestContext.Current.CancellationToken);
        await using var mesh = new Mesh(clone.Program);

        var ran = await mesh.RunAsync("up", "--isolated");

        ran.Code.ShouldBe(2, ran.Error);
        ran.Error.ShouldContain("pubsub.yaml:4");
        ran.Error.ShouldContain("pubsub.nats");
    }

    private static IReadOnlyList<int> Sidecars(JsonElement status) =>
    [
        .. status.GetProperty("services").EnumerateArray().Select(one => one.GetProperty("sidecarPid").GetInt32()),
        status.GetProperty("ownSidecar").GetProperty("pid").GetInt32(),
    ];

    private static async Task<int> PidAsync(Mesh mesh, Victim victim)
    {
        var status = await mesh.StatusAsync();
        var staffing = status.GetProperty("services").EnumerateArray().Single(one => one.GetProperty("service").GetString() == "staffing");
        return victim switch
        {
            Victim.Service => staffing.GetProperty("pid").GetInt32(),
            Victim.Sidecar => staffing.GetProperty("sidecarPid").GetInt32(),
            Victim.OwnSidecar => status.GetProperty("ownSidecar").GetProperty("pid").GetInt32(),
            _ => await WriterAsync(mesh),
        };
    }

    /// <summary>The mesh itself joins the broker while it answers `status`, and may be the writer for that moment.</summary>
    private static async Task<int> WriterAsync(Mesh mesh)
    {
        var writer = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // .NET would ask for the lock that the writer holds.
                await using var head = Running.Start("head", ["-n1", Path.Combine(mesh.Data, "broker", "lock")]);
                writer = int.Parse((await head.EndAsync(Mesh.ToReact)).Out, CultureInfo.InvariantCulture);
                return writer != mesh.Host.Pid && Running.IsAlive(writer);
            },
            Mesh.ToReact,
            "a writer");
        return writer;
    }

    private static async Task<bool> AllRunAsync(Mesh mesh, int dead)
    {
        var status = await mesh.StatusAsync();
        var own = status.GetProperty("ownSidecar");
        return own.TryGetProperty("pid", out var ownPid) && ownPid.GetInt32() != dead
            && status.GetProperty("services").EnumerateArray().All(one =>
                one.GetProperty("state").GetString() == "healthy"
                && one.TryGetProperty("sidecarPid", out var sidecar) && sidecar.GetInt32() != dead
                && one.TryGetProperty("pid", out var pid) && pid.GetInt32() != dead);
    }

    private static IReadOnlyList<string> Dead(Mesh mesh) =>
        [.. mesh.Host.Out.Where(line => line.Contains("staffing.dead", StringComparison.Ordinal))];

    private enum Victim
    {
        Service,
        Sidecar,
        OwnSidecar,
        Writer,
    }
}
