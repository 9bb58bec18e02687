using System.Collections.Concurrent;
using Dapper;
using HmsMesh.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Kit.Tests;

public class OutboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task Run_WorkFails_NothingIsSavedOrSaid(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await Should.ThrowAsync<InvalidOperationException>(service.Workshop.RunAsync(
            async (work, _) =>
            {
                await work.Db.ExecuteAsync("INSERT INTO note (id, text) VALUES ('1', 'x')");
                work.Say("shift.scheduled", new ShiftScheduled("gulfport", 2, 600));
                throw new InvalidOperationException("no");
            },
            CancellationToken.None));
        await service.Workshop.RunAsync((work, _) => Say(work, "washington"), CancellationToken.None);

        (await sidecar.WaitForAsync(1)).ShouldHaveSingleItem().Subject.ShouldBe("washington");
        (await database.CountAsync("note")).ShouldBe(0);
        (await database.CountAsync("mesh_outbox")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Say_WhatBreaksTheContract_ThrowsWithThePointerAndSavesNothing(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        var thrown = await Should.ThrowAsync<ContractException>(service.Workshop.RunAsync(
            async (work, _) =>
            {
                await work.Db.ExecuteAsync("INSERT INTO note (id, text) VALUES ('1', 'x')");
                work.Say("shift.scheduled", new ShiftScheduled("gulfport", 0, 600.001m));
            },
            CancellationToken.None));

        thrown.Topic.ShouldBe("shift.scheduled");
        thrown.Faults.Select(f => f.Pointer).ShouldBe(["/nurses", "/cost"], ignoreOrder: true);
        (await database.CountAsync("note")).ShouldBe(0);
        (await database.CountAsync("mesh_outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task Say_Over64Kilobytes_IsRefusedWithAHint()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        var thrown = await Should.ThrowAsync<ContractException>(service.Workshop.RunAsync(
            (work, _) =>
            {
                work.Say("shift.scheduled", new ShiftScheduled("gulfport", 2, 600, new string('x', ContractLimits.DataBytes)));
                return Task.CompletedTask;
            },
            CancellationToken.None));

        thrown.Message.ShouldContain("document service");
    }

    [Fact]
    public async Task Say_AnotherRecordOrTopic_ThrowsWithTheRemedy()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await service.Workshop.RunAsync(
            (work, _) =>
            {
                Should.Throw<InvalidOperationException>(() => work.Say("shift.released", new BedsLow(1))).Message.ShouldContain("mesh.Says<BedsLow>(\"shift.released\")");
                Should.Throw<InvalidOperationException>(() => work.Say("shift.scheduled", new BedsLow(1))).Message.ShouldContain("ShiftScheduled");
                return Task.CompletedTask;
            },
            CancellationToken.None);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Relay_SidecarRefuses_TriesUntilAcceptedInOrder(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        var refusals = 0;
        sidecar.AnswerAsync = _ => Task.FromResult(Interlocked.Increment(ref refusals) <= 3 ? 500 : 204);
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        for (var i = 1; i <= 5; i++)
        {
            var nurses = i;
            await service.Workshop.RunAsync((work, _) => Say(work, "gulfport", nurses), CancellationToken.None);
        }

        var events = await sidecar.WaitForAsync(5);
        events.Select(e => e.Data.GetProperty("nurses").GetInt32()).ShouldBe([1, 2, 3, 4, 5]);
        events.Select(e => e.Sequence!).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        events.Select(e => e.Sequence).ShouldBeUnique();
        sidecar.Requests.Count(r => r.Status == 500).ShouldBe(3);
        sidecar.Requests.Where(r => r.Status == 500).ShouldAllBe(r => r.Event.Id == events[0].Id);
        await Eventually.BeAsync(async () => (await service.StatsAsync()).GetProperty("waiting").GetInt64() == 0, "all are marked as sent");
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Relay_OneSubjectIsStuck_OthersGoOn(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        sidecar.AnswerAsync = r => Task.FromResult(r.Event.Subject == "gulfport" ? 403 : 204);
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        await service.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
        await service.Workshop.RunAsync((work, _) => Say(work, "washington"), CancellationToken.None);

        (await sidecar.WaitForAsync(1)).ShouldHaveSingleItem().Subject.ShouldBe("washington");
        sidecar.AnswerAsync = _ => Task.FromResult(204);
        (await sidecar.WaitForAsync(2)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Relay_SlowSidecar_SubjectsRunSideBySideAndEachOneAfterAnother(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        var running = new ConcurrentDictionary<string, int>();
        var together = new TaskCompletionSource();
        var inOrder = true;
        sidecar.AnswerAsync = async r =>
        {
            inOrder &= running.AddOrUpdate(r.Event.Subject!, 1, (_, n) => n + 1) == 1;
            if (running.Count(p => p.Value > 0) == 3)
            {
                together.TrySetResult();
            }

            await together.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
            running.AddOrUpdate(r.Event.Subject!, 0, (_, n) => n - 1);
            return 204;
        };
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        foreach (var facility in (string[])["a", "b", "c", "a", "b", "c"])
        {
            await service.Workshop.RunAsync((work, _) => Say(work, facility), CancellationToken.None);
        }

        await sidecar.WaitForAsync(6);
        inOrder.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Relay_SidecarComesLater_ServiceIsHealthyAndEventsArrive(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var first = await RecordingSidecar.StartAsync();
        var port = first.Port;
        await first.DisposeAsync();
        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        (await service.Http.GetAsync("/healthz", Ct)).IsSuccessStatusCode.ShouldBeTrue();
        await service.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
        await Eventually.BeAsync(
            async () => (await service.StatsAsync()).GetProperty("says").TryGetProperty("shift.scheduled", out var said) && said.GetProperty("failed").GetInt64() > 0,
            "a try fails");

        await using var sidecar = await RecordingSidecar.StartAsync(port);

        (await sidecar.WaitForAsync(1)).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Relay_TwoInstances_EachEventOnceAndInOrder(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var one = await RunningService.StartAsync(database, sidecar.Endpoint);
        await using var two = await RunningService.StartAsync(database, sidecar.Endpoint);

        await Task.WhenAll(Enumerable.Range(0, 120).Select(i =>
            (i % 2 == 0 ? one : two).Workshop.RunAsync((work, _) => Say(work, $"facility-{i % 4}"), CancellationToken.None)));

        var events = await sidecar.WaitForAsync(120, 30);
        events.Select(e => e.Id).ShouldBeUnique();
        foreach (var subject in events.GroupBy(e => e.Subject))
        {
            subject.Select(e => e.Sequence!).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Start_RowsOfAnEarlierRun_AreSent(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        sidecar.AnswerAsync = _ => Task.FromResult(503);
        await using (var earlier = await RunningService.StartAsync(database, sidecar.Endpoint))
        {
            await earlier.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
        }

        sidecar.AnswerAsync = _ => Task.FromResult(204);
        await using var later = await RunningService.StartAsync(database, sidecar.Endpoint);

        (await sidecar.WaitForAsync(1)).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Prune_OldRows_AreTakenAwayAndWaitingOnesStay(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        sidecar.AnswerAsync = r => Task.FromResult(r.Event.Subject == "washington" ? 503 : 204);
        await using var service = await RunningService.StartAsync(
            database, sidecar.Endpoint, "--Mesh:InboxRetention=00:00:00.001", "--Mesh:OutboxRetention=00:00:00.001");
        await service.DeliverAsync(Events.Low("gulfport"));
        await service.DeliverAsync(Events.Low("washington"));
        await Eventually.BeAsync(async () => (await service.StatsAsync()).GetProperty("waiting").GetInt64() == 1, "one is sent");
        var pruner = service.Services.GetServices<IHostedService>().OfType<Pruner>().Single();

        await Eventually.BeAsync(
            async () =>
            {
                await pruner.PruneAsync(CancellationToken.None);
                return await database.CountAsync("mesh_inbox") == 0;
            },
            "the inbox is old");

        (await database.AskAsync<string>("SELECT subject FROM mesh_outbox")).ShouldBe("washington");
        (await database.AskAsync<string>("SELECT subject FROM mesh_subject")).ShouldBe("washington");
        sidecar.AnswerAsync = _ => Task.FromResult(204);
        (await sidecar.WaitForAsync(2)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Stop_WhileASendIsUnderWay_FinishesItAndKeepsTheRest(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        var sending = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        sidecar.AnswerAsync = async _ =>
        {
            sending.TrySetResult();
            await go.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
            return 204;
        };
        var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        await service.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
        await service.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        var stopping = service.DisposeAsync();
        go.SetResult();
        await stopping;

        var published = sidecar.Published.Count;
        published.ShouldBeInRange(1, 2);
        (await database.AskAsync<long>("SELECT COUNT(*) FROM mesh_outbox WHERE sent_at IS NULL")).ShouldBe(2 - published);
        (await database.AskAsync<long>("SELECT COUNT(*) FROM mesh_subject WHERE holder <> ''")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Commit_ToPublish_TakesMilliseconds(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var taken = new List<double>();

        for (var i = 1; i <= 40; i++)
        {
            await service.Workshop.RunAsync((work, _) => Say(work, "gulfport"), CancellationToken.None);
            var start = TimeProvider.System.GetTimestamp();
            await sidecar.WaitForAsync(i);
            taken.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        // A few of them are usual; the bound is loose since other tests run beside this one.
        taken.Order().ElementAt(20).ShouldBeLessThan(100);
    }

    private static Task Say(Work work, string facility, int nurses = 2)
    {
        work.Say("shift.scheduled", new ShiftScheduled(facility, nurses, 600));
        return Task.CompletedTask;
    }
}
