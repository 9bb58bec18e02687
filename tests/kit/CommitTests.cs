using System.Net.Http.Json;
using Npgsql;

namespace HmsMesh.Kit.Tests;

/// <summary>The connection to the database breaks at the worst moment.</summary>
public class CommitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_OfARouteWhoseConnectionBreaks_IsDoneOnceAndSaidOnce(bool databaseHeardIt)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Postgres);
        await using var wire = Wire(database, out var behind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(behind, sidecar.Endpoint);
        wire.CutNext(databaseHeardIt);

        using var answer = await service.Http.PostAsJsonAsync("/shifts", new ShiftScheduled("gulfport", 2, 1m), TestContext.Current.CancellationToken);

        wire.HasCut.ShouldBeTrue();
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await database.CountAsync("shift")).ShouldBe(1);
        (await database.CountAsync("mesh_outbox")).ShouldBe(1);
        (await sidecar.WaitForAsync(1)).Select(e => e.Id).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_OfAHandlerWhoseConnectionBreaks_CountsAsHandled(bool databaseHeardIt)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Postgres);
        await using var wire = Wire(database, out var behind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(behind, sidecar.Endpoint);
        var afterCommit = 0;
        service.Hooks.AfterCommit = _ => afterCommit++;
        wire.CutNext(databaseHeardIt);

        (await service.DeliverAsync(Events.Low())).Body.ShouldBe("""{"status":"SUCCESS"}""");

        wire.HasCut.ShouldBeTrue();
        (await database.CountAsync("shift")).ShouldBe(1);
        (await database.CountAsync("mesh_inbox")).ShouldBe(1);
        afterCommit.ShouldBe(1);
        service.Observed.All.ShouldHaveSingleItem().Outcome.ShouldBe(Outcome.Handled);
        await sidecar.WaitForAsync(1);
    }

    private static CutWire Wire(TestDatabase database, out TestDatabase behind)
    {
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var wire = new CutWire(to.Port);
        behind = new TestDatabase(database.ConnectionString.Replace($"Port={to.Port}", $"Port={wire.Port}", StringComparison.Ordinal));
        return wire;
    }
}
