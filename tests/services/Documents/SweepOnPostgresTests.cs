using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>The sweep of files, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public sealed class SweepOnPostgresTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweep_AtTheStart_RemovesOrphansAlone()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        await using var rig = await DocumentsRig.StartAsync($"--ConnectionStrings:Database={await PostgresCluster.NewDatabaseAsync()}");
        var kept = new[] { await rig.StoreAsync(Samples.Png), await rig.StoreAsync(Samples.PngOf(2000)) };
        await File.WriteAllTextAsync(Path.Combine(rig.Folder, new string('a', 32)), "left behind", Ct);
        await File.WriteAllTextAsync(Path.Combine(rig.Folder, new string('b', 32)), "left behind", Ct);

        await rig.Service.KillAsync();
        await rig.Service.RestartAsync();

        await Eventually.BeAsync(() => Task.FromResult(rig.Files.Count == 2), $"the orphans are gone: {rig.Service.Log}", 30);
        rig.Files.ShouldBe(kept, ignoreOrder: true);
    }
}
