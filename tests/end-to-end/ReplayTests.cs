using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>`mesh replay`, `backup` and `restore` with the real services.</summary>
[Trait("Category", "Slow")]
public class ReplayTests
{
    private const string Topic = "afrh.capacity.low";

    [Theory]
    [InlineData]
    [InlineData("--isolated")]
    public async Task Replay_OfWhatAServiceHandled_ShowsIt_SendsIt_AndTellsWhatItsHandlerAnswered(params string[] options)
    {
        await using var mesh = await new Mesh().UpAsync([.. options, "staffing", "supply-chain"]);
        var ids = new List<string>();
        for (var beds = 1; beds <= 3; beds++)
        {
            ids.Add(await mesh.PublishAsync($$"""{"facility":"gulfport","bedsFree":{{beds}}}"""));
            await mesh.HandledAsync("staffing", ids[^1]);
            await mesh.HandledAsync("supply-chain", ids[^1]);
        }

        var (dry, said) = await ReplayAsync(mesh);
        dry.GetProperty("count").GetInt64().ShouldBe(3);
        dry.GetProperty("keys").GetProperty("gulfport").GetInt64().ShouldBe(3);
        dry.GetProperty("sent").GetBoolean().ShouldBeFalse();
        said.ShouldContain("mesh: 3 events of afrh.capacity.low would go to staffing again");
        said.ShouldContain("mesh: nothing was sent; --yes sends them");

        // It answers for each that it has done it.
        var (sent, _) = await ReplayAsync(mesh, "--yes");
        sent.GetProperty("sent").GetBoolean().ShouldBeTrue();
        Became(sent).ShouldBe(["already handled 3"]);

        // Under new ids it does it again, and the other service hears nothing of it.
        var (again, _) = await ReplayAsync(mesh, "--yes", "--again");
        Became(again).ShouldBe(["handled 3"]);
        new Handled(mesh, "supply-chain").Counts().ShouldBe(ids.ToDictionary(static id => id, static _ => 1), ignoreOrder: true);

        // While the service is away, what is sent waits, and is handled when it is back.
        (await mesh.RunAsync("stop", "staffing")).Code.ShouldBe(0);
        var (waiting, _) = await ReplayAsync(mesh, "--yes", "--wait", "1");
        Became(waiting).ShouldBe(["waiting 3"]);
        (await mesh.StatusAsync("staffing")).GetProperty("waiting").GetInt64().ShouldBe(3);
        (await mesh.RunAsync("start", "staffing")).Code.ShouldBe(0);
        await Eventually.TrueAsync(async () => (await mesh.StatusAsync("staffing")).GetProperty("waiting").GetInt64() == 0, Mesh.ToReact, "the end of what waited");
    }

    [Theory]
    [InlineData]
    [InlineData("--isolated")]
    public async Task Backup_UnderLoad_RestoredElsewhere_HasAllThatWasSaidBefore_HandledOnce(params string[] options)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "mesh.tar.gz");
        IReadOnlyList<string> before;
        await using (var mesh = await new Mesh().UpAsync([.. options, "staffing"]))
        {
            await using var load = await Load.StartAsync(mesh);
            await load.MoreAsync(100);
            before = load.Now;

            var backup = await mesh.RunAsync("backup", file);

            backup.Code.ShouldBe(0, backup.Error);
            await load.MoreAsync(30);
            await load.EndAsync();
        }

        await using var other = new Mesh();
        var restored = await other.RunAsync("restore", file);
        restored.Code.ShouldBe(0, restored.Error);
        await other.UpAsync([.. options, "staffing"]);
        await Eventually.TrueAsync(async () => (await other.StatusAsync("staffing")).GetProperty("waiting").GetInt64() == 0, Mesh.ToReact, "the end of what waited");

        // What was accepted before the backup is in the log, and the service has done all that is there.
        var browsed = await other.RunAsync("browse", Topic, "--limit", "0", "--json");
        var kept = browsed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("id").GetString()!).ToList();
        before.Except(kept).ShouldBeEmpty();
        kept.ShouldBeUnique();
        var (known, _) = await ReplayAsync(other, "--yes");
        Became(known).ShouldBe([$"already handled {kept.Count}"]);
    }

    private static async Task<(JsonElement Answer, string Said)> ReplayAsync(Mesh mesh, params string[] more)
    {
        var ran = await mesh.RunAsync(["replay", Topic, "--from", "1h", "--to", "staffing", "--json", .. more]);
        ran.Code.ShouldBe(0, ran.Error);
        return (JsonElement.Parse(ran.Out), ran.Error);
    }

    private static IEnumerable<string> Became(JsonElement answer) => answer.GetProperty("became").EnumerateObject().Select(static one => $"{one.Name} {one.Value}");
}
