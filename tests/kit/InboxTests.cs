using System.Net;
using System.Text;
using Dapper;
using HmsMesh.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Kit.Tests;

public class InboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_NewEvent_IsHandledAndSaid(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var low = Events.Low() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        var (status, body) = await service.DeliverAsync(low);

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("""{"status":"SUCCESS"}""");
        (await database.CountAsync("shift")).ShouldBe(1);
        var said = (await sidecar.WaitForAsync(1))[0];
        said.Type.ShouldBe("gov.hms.shift.scheduled.v1");
        said.Source.ShouldBe("sample");
        said.Subject.ShouldBe("gulfport");
        said.CausationId.ShouldBe(low.Id);
        said.CorrelationId.ShouldBe(low.CorrelationId);
        said.TraceParent!.ShouldContain("0af7651916cd43dd8448eb211c80319c");
        said.Sequence!.Length.ShouldBe(19);
        Guid.Parse(said.Id).Version.ShouldBe(7);
        said.Data.GetProperty("cost").GetRawText().ShouldBe("600.07");
        var request = sidecar.Requests.Single(r => r.Path.StartsWith("/v1.0/publish/"));
        request.Path.ShouldBe("/v1.0/publish/pubsub/shift.scheduled");
        request.ContentType.ShouldBe("application/cloudevents+json");
        request.Headers["dapr-api-token"].ShouldBe("sidecar-token");
        request.Headers["traceparent"].ShouldContain("0af7651916cd43dd8448eb211c80319c");
        var handled = service.Observed.All.ShouldHaveSingleItem();
        (handled.AppId, handled.Topic, handled.Outcome, handled.IsStale).ShouldBe(("sample", "beds.low", Outcome.Handled, false));
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_SameEventAtOnceAndAgain_IsHandledOnceAndCounted(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var low = Events.Low();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.DeliverAsync(low)));
        var again = await service.DeliverAsync(low);

        answers.ShouldAllBe(a => a.Body == """{"status":"SUCCESS"}""");
        again.Body.ShouldBe("""{"status":"SUCCESS"}""");
        (await database.CountAsync("shift")).ShouldBe(1);
        (await database.CountAsync("mesh_outbox")).ShouldBe(1);
        (await service.HeardAsync("handled")).ShouldBe(1);
        (await service.HeardAsync("duplicate")).ShouldBe(8);
    }

    [Fact]
    public async Task Deliver_SameEventAgain_IsAnsweredWithAHeaderThatSaysSo()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var low = CloudEventJson.Write(Events.Low());

        (await AnswerAsync()).ShouldBeNull();
        (await AnswerAsync()).ShouldBe("already");

        async Task<string?> AnswerAsync()
        {
            using var content = new ByteArrayContent(low);
            content.Headers.ContentType = new(CloudEvent.MediaType);
            using var response = await service.Http.PostAsync("/events/beds.low", content, Ct);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            return response.Headers.TryGetValues("mesh-handled", out var values) ? values.Single() : null;
        }
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_HandlerFails_NothingIsSavedAndItComesAgain(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        service.Hooks.BeforeCommitAsync = (_, _, _) => throw new InvalidOperationException("no nurse");
        var afterCommit = 0;
        service.Hooks.AfterCommit = _ => afterCommit++;
        var low = Events.Low();

        var failed = await service.DeliverAsync(low);

        failed.Status.ShouldBe(HttpStatusCode.InternalServerError);
        failed.Body.ShouldBe("""{"status":"RETRY"}""");
        (await database.CountAsync("shift")).ShouldBe(0);
        (await database.CountAsync("mesh_inbox")).ShouldBe(0);
        (await database.CountAsync("mesh_outbox")).ShouldBe(0);
        afterCommit.ShouldBe(0);
        service.Observed.All.ShouldHaveSingleItem().Reason.ShouldBe("no nurse");

        service.Hooks.BeforeCommitAsync = (_, _, _) => Task.CompletedTask;
        (await service.DeliverAsync(low)).Status.ShouldBe(HttpStatusCode.OK);
        (await database.CountAsync("shift")).ShouldBe(1);
        afterCommit.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_HandlerHangs_IsRolledBackAfterTheLimit(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint, "--Mesh:HandlerTimeout=00:00:00.3");
        service.Hooks.BeforeCommitAsync = (_, _, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);

        var answer = await service.DeliverAsync(Events.Low());

        answer.Body.ShouldBe("""{"status":"RETRY"}""");
        (await database.CountAsync("shift")).ShouldBe(0);
        service.Hooks.BeforeCommitAsync = (_, _, _) => Task.CompletedTask;
        (await service.DeliverAsync(Events.Low())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_HandlerHangsAndDoesNotHeed_IsLeftBehindAndTouchesNothingLater(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint, "--Mesh:HandlerTimeout=00:00:01");
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<Exception?>();
        service.Hooks.BeforeCommitAsync = async (_, handling, _) =>
        {
            await wake.Task;
            late.SetResult(await Record.ExceptionAsync(() => handling.Db.ExecuteAsync("INSERT INTO shift (facility, event, nurses) VALUES ('late', 'late', 1)")));
        };
        var low = Events.Low();

        (await service.DeliverAsync(low)).Body.ShouldBe("""{"status":"RETRY"}""");

        (await database.CountAsync("shift")).ShouldBe(0);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Hooks.BeforeCommitAsync = (_, _, _) => next.Task;
        var again = service.DeliverAsync(low);
        wake.SetResult();
        (await late.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct)).ShouldNotBeNull();
        next.SetResult();
        (await again).Body.ShouldBe("""{"status":"SUCCESS"}""");
        (await database.CountAsync("shift")).ShouldBe(1);
        (await database.CountAsync("mesh_outbox")).ShouldBe(1);
    }

    [Fact]
    public async Task Deliver_WholeNumberWithAFraction_IsHandled()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        var answer = await service.DeliverAsync("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":4.0}}"""u8.ToArray());

        answer.Body.ShouldBe("""{"status":"SUCCESS"}""");
        (await database.CountAsync("shift")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_WhatTheRecordCannotHold_IsDroppedAndLeavesNothing(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        var answer = await service.DeliverAsync("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":3000000000}}"""u8.ToArray());

        answer.Body.ShouldBe("""{"status":"DROP"}""");
        service.Observed.All.ShouldHaveSingleItem().Reason!.ShouldContain("BedsLow cannot hold it");
        (await database.CountAsync("mesh_inbox")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Deliver_CallerHangsUp_IsRolledBack(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var inHandler = new TaskCompletionSource();
        var rolledBack = new TaskCompletionSource();
        service.Hooks.BeforeCommitAsync = async (_, _, token) =>
        {
            inHandler.SetResult();
            using var registration = token.Register(rolledBack.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        using var hangUp = new CancellationTokenSource();
        var low = Events.Low();

        var delivering = service.DeliverUntilAsync(CloudEventJson.Write(low), hangUp.Token);
        await inHandler.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(delivering);
        await rolledBack.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        service.Hooks.BeforeCommitAsync = (_, _, _) => Task.CompletedTask;
        (await service.DeliverAsync(low)).Status.ShouldBe(HttpStatusCode.OK);
        (await database.CountAsync("shift")).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":"four"}}""", "/bedsFree: must be an integer")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{}}""", "/bedsFree: is required")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":4,"beds":1}}""", "/beds: is not in the contract")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t"}""", "must be an object")]
    [InlineData("""{"specversion":"1.0","source":"s","type":"t","data":{"bedsFree":4}}""", "/id: is required")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":4}} and more""", "not JSON")]
    [InlineData("""{"specversion":"1.0","id":"a\u0000b","source":"s","type":"t","data":{"bedsFree":4}}""", "/id: must not hold control characters")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","source":"s","type":"t","data":{"bedsFree":4}}""", "half of a surrogate pair")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"bedsFree":4,"note":"\ud800"}}""", "half of a surrogate pair")]
    [InlineData("{'bedsFree':4}", "not JSON")]
    [InlineData("", "not JSON")]
    public async Task Deliver_WhatBreaksTheContract_IsDroppedCountedAndNamed(string envelope, string reason)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        var (status, body) = await service.DeliverAsync(Encoding.UTF8.GetBytes(envelope));

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("""{"status":"DROP"}""");
        service.Observed.All.ShouldHaveSingleItem().Reason!.ShouldContain(reason);
        (await service.HeardAsync("dropped")).ShouldBe(1);
        (await database.CountAsync("mesh_inbox")).ShouldBe(0);
    }

    [Fact]
    public async Task Deliver_LongId_IsDropped()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        (await service.DeliverAsync(Events.Low() with { Id = new string('i', 513) })).Body.ShouldBe("""{"status":"DROP"}""");
        (await service.DeliverAsync(Events.Low() with { TraceState = new string('t', 513) })).Body.ShouldBe("""{"status":"SUCCESS"}""");
    }

    [Fact]
    public async Task Deliver_TooLarge_IsDropped()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        (await service.DeliverAsync(new byte[ContractLimits.EnvelopeBytes + 1])).Body.ShouldBe("""{"status":"DROP"}""");
        (await service.DeliverAsync(Events.Low())).Body.ShouldBe("""{"status":"SUCCESS"}""");
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Start_WarmUp_RunsEachHandlerAndLeavesNothing(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);

        foreach (var table in (string[])["shift", "mesh_inbox", "mesh_outbox", "mesh_state", "mesh_subject"])
        {
            (await database.CountAsync(table)).ShouldBe(0, table);
        }

        service.Observed.All.ShouldBeEmpty();
        sidecar.Published.ShouldBeEmpty();
        sidecar.Requests.ShouldContain(r => r.Path == "/v1.0/healthz/outbound");
        service.Services.GetRequiredService<MeshDefinition>().Hearings.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deliver_RehearsalHeaderOfAStranger_IsHandledAllTheSame()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        service.Http.DefaultRequestHeaders.Add("mesh-rehearsal", new string('0', 32));

        await service.DeliverAsync(Events.Low());

        (await database.CountAsync("shift")).ShouldBe(1);
    }
}
