namespace HmsMesh.Kit.Tests;

public class StalenessTests
{
    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task IsNewer_OlderForTheKey_IsStaleAndCounted(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await service.DeliverAsync(Events.Low("gulfport", sequence: 200));
        await service.DeliverAsync(Events.Low("gulfport", sequence: 100));
        await service.DeliverAsync(Events.Low("gulfport", sequence: 200));
        await service.DeliverAsync(Events.Low("washington", sequence: 100));
        await service.DeliverAsync(Events.Low("gulfport", sequence: 201));

        (await database.CountAsync("shift")).ShouldBe(3);
        (await service.HeardAsync("stale")).ShouldBe(2);
        (await service.HeardAsync("handled")).ShouldBe(5);
        service.Observed.All.Select(h => h.IsStale).ShouldBe([false, true, true, false, false]);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task IsNewer_AllKeysWereToldSomethingNewer_IsStale(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await service.DeliverAsync(Events.Low(null, sequence: 200));
        await service.DeliverAsync(Events.Low("gulfport", sequence: 150));
        await service.DeliverAsync(Events.Low("gulfport", sequence: 250));

        service.Observed.All.Select(h => h.IsStale).ShouldBe([false, true, false]);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task IsNewer_WithoutSequence_IsNeverStale(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await service.DeliverAsync(Events.Low("gulfport", sequence: 200));
        await service.DeliverAsync(Events.Low("gulfport") with { Sequence = null });

        service.Observed.All.Select(h => h.IsStale).ShouldBe([false, false]);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task IsNewer_HandlerFails_RemembersNothing(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        service.Hooks.BeforeCommitAsync = (_, _, _) => throw new InvalidOperationException("once");
        var low = Events.Low("gulfport", sequence: 200);
        await service.DeliverAsync(low);
        service.Hooks.BeforeCommitAsync = (_, _, _) => Task.CompletedTask;

        await service.DeliverAsync(low);

        (await database.CountAsync("shift")).ShouldBe(1);
        (await service.HeardAsync("stale")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task IsNewer_ShuffledDoubledAndAtOnce_TheNewestStands(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var events = Enumerable.Range(1, 20).Select(i => Events.Low(i % 5 == 0 ? null : "gulfport", sequence: i)).ToArray();
        var doubled = events.Concat(events).ToArray();
        Random.Shared.Shuffle(doubled);

        var answers = await Task.WhenAll(doubled.Select(e => service.DeliverAsync(e)));

        answers.ShouldAllBe(a => a.Body == """{"status":"SUCCESS"}""");
        (await service.HeardAsync("duplicate")).ShouldBe(20);
        (await service.HeardAsync("handled")).ShouldBe(20);
        (await database.AskAsync<string>("SELECT MAX(sequence) FROM mesh_state")).ShouldBe("0000000000000000020");
        (await database.CountAsync("shift")).ShouldBe(20 - await service.HeardAsync("stale"));
    }
}
