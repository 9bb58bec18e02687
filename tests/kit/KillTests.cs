using System.Net.Http.Headers;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

[Trait("Category", "Slow")]
public class KillTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task Kill_AtRandomMoments_EachEventHasItsEffectOnceAndIsSaid(string kind)
    {
        const int Count = 150;
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await ServiceProcess.StartAsync(database, sidecar.Endpoint);
        using var http = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromSeconds(5) };
        var delivered = 0;
        using var over = new CancellationTokenSource();

        // A broker's part: each event again and again until it was answered, several at a time.
        var delivering = Parallel.ForEachAsync(
            Enumerable.Range(0, Count).Select(i => Events.Low($"facility-{i}")),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (low, token) =>
            {
                while (!await TryDeliverAsync(http, low, token))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
                }

                Interlocked.Increment(ref delivered);
            });
        for (var kill = 1; kill <= 4; kill++)
        {
            var until = Count * kill / 5;
            await Eventually.BeAsync(() => Task.FromResult(Volatile.Read(ref delivered) >= until), $"{until} are delivered", 60);
            await service.KillAndStartAsync();
        }

        await delivering.WaitAsync(TimeSpan.FromSeconds(90), Ct);

        (await database.CountAsync("shift")).ShouldBe(Count);
        (await database.AskAsync<long>("SELECT COUNT(DISTINCT event) FROM shift")).ShouldBe(Count);
        (await database.CountAsync("mesh_inbox")).ShouldBe(Count);
        (await database.CountAsync("mesh_outbox")).ShouldBe(Count);
        await Eventually.BeAsync(
            async () => await database.AskAsync<long>("SELECT COUNT(*) FROM mesh_outbox WHERE sent_at IS NULL") == 0, "all are sent", 30);
        sidecar.Published.Select(e => e.Id).Distinct().Count().ShouldBe(Count);
        sidecar.Published.Select(e => e.CausationId).Distinct().Count().ShouldBe(Count);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Kill_BetweenCommitAndSend_TheNextRunSendsIt(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        var tried = new TaskCompletionSource();
        var killed = new TaskCompletionSource();
        sidecar.AnswerAsync = async _ =>
        {
            tried.TrySetResult();
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
            return 503;
        };
        await using var service = await ServiceProcess.StartAsync(database, sidecar.Endpoint);
        using var http = new HttpClient { BaseAddress = service.Address };
        (await TryDeliverAsync(http, Events.Low(), CancellationToken.None)).ShouldBeTrue();
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        sidecar.AnswerAsync = _ => Task.FromResult(204);
        await service.KillAndStartAsync();
        killed.SetResult();

        (await sidecar.WaitForAsync(1, 20)).Select(e => e.Id).Distinct().ShouldHaveSingleItem();
        (await database.CountAsync("shift")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Kill_BetweenSendAndMark_TheSameEventIsSentAgainAndNoOther(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        var taken = new TaskCompletionSource();
        var killed = new TaskCompletionSource();
        sidecar.AnswerAsync = async _ =>
        {
            // Accepted, and the answer reaches nobody.
            taken.TrySetResult();
            await killed.Task;
            return 204;
        };
        await using var service = await ServiceProcess.StartAsync(database, sidecar.Endpoint);
        using var http = new HttpClient { BaseAddress = service.Address };
        (await TryDeliverAsync(http, Events.Low(), CancellationToken.None)).ShouldBeTrue();
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await service.KillAsync();
        killed.SetResult();
        await sidecar.WaitForAsync(1);
        await service.KillAndStartAsync();

        (await sidecar.WaitForAsync(2, 20)).Select(e => e.Id).Distinct().ShouldHaveSingleItem();
        await Eventually.BeAsync(
            async () => await database.AskAsync<long>("SELECT COUNT(*) FROM mesh_outbox WHERE sent_at IS NULL") == 0, "it is marked");
        (await database.CountAsync("shift")).ShouldBe(1);
        sidecar.Published.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Kill_OneOfTwoInstances_TheOtherSendsWhatItHeld()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Postgres);
        await using var sidecar = await RecordingSidecar.StartAsync();
        sidecar.AnswerAsync = _ => Task.FromResult(503);
        await using var dying = await ServiceProcess.StartAsync(database, sidecar.Endpoint);
        await using var living = await RunningService.StartAsync(database, sidecar.Endpoint);
        using var http = new HttpClient { BaseAddress = dying.Address };
        for (var i = 0; i < 5; i++)
        {
            (await TryDeliverAsync(http, Events.Low("gulfport", sequence: i + 1), CancellationToken.None)).ShouldBeTrue();
        }

        await dying.KillAsync();
        sidecar.AnswerAsync = _ => Task.FromResult(204);

        var events = await sidecar.WaitForAsync(5, 40);
        events.Select(e => e.Id).ShouldBeUnique();
        events.Select(e => e.Sequence!).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Terminate_Service_EndsAtOnceWithSuccess()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await ServiceProcess.StartAsync(database, sidecar.Endpoint);

        (await service.TerminateAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
    }

    private static async Task<bool> TryDeliverAsync(HttpClient http, CloudEvent low, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(CloudEventJson.Write(low));
        content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        try
        {
            using var response = await http.PostAsync("/events/beds.low", content, cancellationToken);
            return response.IsSuccessStatusCode && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("SUCCESS");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
