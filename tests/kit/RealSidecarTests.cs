using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Shared;
using HmsMesh.Testing.Hosting;

namespace HmsMesh.Kit.Tests;

/// <summary>The kit beside the sidecar that it runs with, over the durable broker.</summary>
[Trait("Category", "Slow")]
public class RealSidecarTests
{
    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task Event_Published_IsHandledAndItsReactionIsHeard(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecars = new RealSidecars();
        await using var listener = await RecordingSidecar.StartAsync();
        await sidecars.StartAsync("listener", appPort: listener.Port);
        var mesh = await sidecars.StartAsync("mesh");
        var port = FreePorts.Take();
        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        await sidecars.StartAsync("sample", port, service.Http.BaseAddress!.Port);

        // As much text as an event may carry, in letters that JSON could escape.
        var low = Events.Low(note: new string('漢', 20_000));
        await sidecars.PublishAsync(mesh, low);

        await Eventually.BeAsync(() => Task.FromResult(Heard(listener).Count == 1), "the reaction is heard");
        var heard = Heard(listener)[0];
        heard.CausationId.ShouldBe(low.Id);
        heard.Source.ShouldBe("sample");
        heard.Data.GetProperty("note").GetString().ShouldBe(low.Data.GetProperty("note").GetString());
        (await service.HeardAsync("handled")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Sidecar_RestartsInTheMiddle_EachEventHasItsEffectOnceAndNoneIsLost(string kind)
    {
        const int Count = 60;
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecars = new RealSidecars();
        await using var listener = await RecordingSidecar.StartAsync();
        await sidecars.StartAsync("listener", appPort: listener.Port);
        var mesh = await sidecars.StartAsync("mesh");
        var port = FreePorts.Take();
        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        var sidecar = await sidecars.StartAsync("sample", port, service.Http.BaseAddress!.Port);

        var lows = Enumerable.Range(0, Count).Select(i => Events.Low($"facility-{i % 10}")).ToList();
        var publishing = Task.Run(async () =>
        {
            foreach (var low in lows)
            {
                await sidecars.PublishAsync(mesh, low);
            }
        }, TestContext.Current.CancellationToken);
        var routing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                using var answer = await service.Http.PostAsJsonAsync("/shifts", new ShiftScheduled($"route-{i % 5}", i + 1, 1m));
                answer.EnsureSuccessStatusCode();
            }
        }, TestContext.Current.CancellationToken);
        foreach (var handled in (int[])[10, 30])
        {
            await Eventually.BeAsync(async () => await database.CountAsync("mesh_inbox") >= handled, $"{handled} are handled", 30);
            await sidecars.StopAsync(sidecar);
            sidecar = await sidecars.StartAsync("sample", port, service.Http.BaseAddress.Port);
        }

        await Task.WhenAll(publishing, routing).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Eventually.BeAsync(() => Task.FromResult(Heard(listener).Select(e => e.Id).Distinct().Count() == 2 * Count), "all reactions are heard", 60);

        (await database.CountAsync("shift")).ShouldBe(2 * Count);
        (await database.AskAsync<long>("SELECT COUNT(DISTINCT event) FROM shift WHERE event <> 'route'")).ShouldBe(Count);

        // A row is marked after its event was accepted, and heard meanwhile.
        await Eventually.BeAsync(async () => await database.AskAsync<long>("SELECT COUNT(*) FROM mesh_outbox WHERE sent_at IS NULL") == 0, "all are marked as sent", 30);
        foreach (var subject in Heard(listener).Where(e => e.Source == "sample" && e.CausationId is null).DistinctBy(e => e.Id).GroupBy(e => e.Subject))
        {
            subject.Select(e => e.Sequence).ShouldBeInOrder(SortDirection.Ascending, $"the events of {subject.Key}");
        }
    }

    [Fact]
    public async Task Sidecar_WithAnotherToken_DeliversNothingUntilItHasTheRightOne()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecars = new RealSidecars();
        var mesh = await sidecars.StartAsync("mesh");
        var port = FreePorts.Take();
        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        var stranger = await sidecars.StartAsync("sample", port, service.Http.BaseAddress!.Port, appToken: "of another app");

        await sidecars.PublishAsync(mesh, Events.Low());
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, TestContext.Current.CancellationToken);
        (await database.CountAsync("shift")).ShouldBe(0);
        service.Observed.All.ShouldBeEmpty();

        await sidecars.StopAsync(stranger);
        await sidecars.StartAsync("sample", port, service.Http.BaseAddress.Port);
        await Eventually.BeAsync(async () => await database.CountAsync("shift") == 1, "it is handled", 20);
    }

    [Fact]
    public async Task Service_WithAnotherToken_IsRefusedAndKeepsItsEvents()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecars = new RealSidecars();
        await using var listener = await RecordingSidecar.StartAsync();
        await sidecars.StartAsync("listener", appPort: listener.Port);
        var port = FreePorts.Take();
        await sidecars.StartAsync("sample", port);
        await using (var stranger = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}", "--DAPR_API_TOKEN=of another app"))
        {
            using var answer = await stranger.Http.PostAsJsonAsync("/shifts", new ShiftScheduled("gulfport", 2, 1m), TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            await Eventually.BeAsync(
                async () => (await stranger.StatsAsync()).GetProperty("says").TryGetProperty("shift.scheduled", out var said) && said.GetProperty("failed").GetInt64() > 1,
                "it was refused twice");
            Heard(listener).ShouldBeEmpty();
        }

        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        await Eventually.BeAsync(() => Task.FromResult(Heard(listener).Count == 1), "it is heard", 20);
    }

    [Fact]
    public async Task Event_ThatBreaksItsContract_IsADeadLetterUnchanged()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecars = new RealSidecars();
        await using var listener = await RecordingSidecar.StartAsync();
        await sidecars.StartAsync("listener", appPort: listener.Port);
        var mesh = await sidecars.StartAsync("mesh");
        var port = FreePorts.Take();
        await using var service = await RunningService.StartAsync(database, $"http://127.0.0.1:{port}");
        await sidecars.StartAsync("sample", port, service.Http.BaseAddress!.Port);
        var broken = Events.Low() with { Data = JsonSerializer.SerializeToElement(new { bedsFree = -1 }) };

        await sidecars.PublishAsync(mesh, broken);
        await sidecars.PublishAsync(mesh, Events.Low());

        await Eventually.BeAsync(() => Task.FromResult(listener.Requests.Any(r => r.Path == "/dead")), "it is a dead letter");
        var dead = CloudEventJson.Read(System.Text.Encoding.UTF8.GetBytes(listener.Requests.Single(r => r.Path == "/dead").Body)).Event!;
        dead.Id.ShouldBe(broken.Id);
        dead.Data.GetProperty("bedsFree").GetInt32().ShouldBe(-1);
        await Eventually.BeAsync(async () => await database.CountAsync("shift") == 1, "the next is handled");
        service.Observed.All.Single(h => h.Outcome == Outcome.Dropped).Reason!.ShouldContain("/bedsFree");
    }

    private static List<CloudEvent> Heard(RecordingSidecar listener) =>
        [.. listener.Requests.Where(r => r.Path == "/heard").Select(r => r.Event)];
}
