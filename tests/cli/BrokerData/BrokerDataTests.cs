using System.Text;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Tests.BrokerData;

/// <summary>The commands that read a broker's folder, on one that nothing runs on.</summary>
public class BrokerDataTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_OfAStoppedMesh_AreCounted()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("topics", "--json")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        var topics = JsonDocument.Parse(mesh.Out.ToString()).RootElement.GetProperty("topics");
        topics.EnumerateArray().Select(static one => (one.GetProperty("topic").GetString(), one.GetProperty("events").GetInt32()))
            .ShouldBe([("app.dead", 1), ("bills", 1), ("orders", 6)]);
    }

    [Fact]
    public async Task Topics_One_TellsWhoHearsIt()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("topics", "orders")).ShouldBe(ExitCode.Done);

        mesh.Out.ToString().ShouldMatch("heard by +waiting +retrying +dead\\s+app +0 +0 +1\\s+late +6 +0 +0");
    }

    [Theory]
    [InlineData("topics")]
    [InlineData("subscribers")]
    [InlineData("browse", "orders")]
    [InlineData("replay", "orders", "--from", "1h", "--to", "app")]
    public async Task Run_WithoutABroker_SaysSo(params string[] args)
    {
        using var mesh = new Mesh();

        (await mesh.RunAsync(args)).ShouldBe(ExitCode.Failed);

        mesh.Error.ToString().ShouldContain("there is no broker in ");
        mesh.Error.ToString().ShouldContain("--data DIR");
    }

    [Theory]
    [InlineData(ExitCode.Failed, "knows no topic 'order' (did you mean 'orders'?)", "topics", "order")]
    [InlineData(ExitCode.Done, "no event of order is kept that this asks for, nor any other (did you mean 'orders'?)", "browse", "order")]
    [InlineData(ExitCode.Done, "no event of orders is kept that this asks for; 'mesh topics' shows", "browse", "orders", "--key", "nobody")]
    [InlineData(ExitCode.Usage, "--from 'soon' is no time", "browse", "orders", "--from", "soon")]
    [InlineData(ExitCode.Usage, "from when on?", "replay", "orders", "--to", "app")]
    [InlineData(ExitCode.Failed, "no app 'ap' hears anything (did you mean 'app'?)", "replay", "orders", "--from", "1h", "--to", "ap")]
    [InlineData(ExitCode.Failed, "app does not hear bills; nobody does", "replay", "bills", "--from", "1h", "--to", "app")]
    [InlineData(ExitCode.Failed, "no app 'ap' hears anything", "subscribers", "forget", "ap")]
    public async Task Run_WhatIsNotThere_SaysWhyAndExitsAsDocumented(int code, string message, params string[] args)
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync(args)).ShouldBe(code, mesh.Error.ToString());

        mesh.Error.ToString().ShouldContain(message);
    }

    [Fact]
    public async Task Browse_KeyAndLimit_ShowsThoseAndHowToGoOn()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("browse", "orders", "--from", "10m", "--key", "even", "--limit", "2", "--data-only")).ShouldBe(ExitCode.Done);

        mesh.Out.ToString().ReplaceLineEndings("\n").ShouldBe("{\"n\":0}\n{\"n\":2}\n");
        mesh.Error.ToString().ShouldContain("--offset ");
    }

    [Fact]
    public async Task Browse_Json_IsOneEventALine()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("browse", "app.dead", "--json")).ShouldBe(ExitCode.Done);

        var dead = JsonDocument.Parse(mesh.Out.ToString()).RootElement;
        dead.GetProperty("deadLetter").GetProperty("cause").GetString().ShouldBe("never");
        dead.GetProperty("data").GetProperty("id").GetString().ShouldBe("id-5");
    }

    [Fact]
    public async Task Forget_OfAStoppedMesh_AsksAndForgets()
    {
        using var mesh = new Mesh { Input = "y\n" };
        await FillAsync(mesh);

        (await mesh.RunAsync("subscribers", "forget", "late")).ShouldBe(ExitCode.Done, mesh.Error.ToString());
        (await mesh.RunAsync("subscribers", "--json")).ShouldBe(ExitCode.Done);

        mesh.Error.ToString().ShouldContain("the 6 events that wait for it on 1 topics?");
        JsonDocument.Parse(mesh.Out.ToString()).RootElement.GetProperty("subscribers").EnumerateArray()
            .Select(static one => one.GetProperty("consumer").GetString()).ShouldBe(["app"]);
    }

    [Fact]
    public async Task Replay_WithNobodyToAsk_ShowsAndSendsNothing()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);
        (await mesh.RunAsync("topics", "--json")).ShouldBe(ExitCode.Done);
        var before = mesh.Out.ToString();

        (await mesh.RunAsync("replay", "orders", "--from", "1h", "--to", "app")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        mesh.Error.ToString().ShouldContain("6 events of orders would go to app again");
        mesh.Error.ToString().ShouldContain("by key: even 3, odd 3");
        mesh.Error.ToString().ShouldContain("nothing was sent; --yes sends them");
        mesh.Out.GetStringBuilder().Clear();
        (await mesh.RunAsync("topics", "--json")).ShouldBe(ExitCode.Done);
        mesh.Out.ToString().ShouldBe(before);
    }

    [Fact]
    public async Task Replay_OfAStoppedMesh_WaitsForTheAppAlone()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("replay", "orders", "--from", "1h", "--key", "even", "--to", "app", "--yes", "--wait", "0", "--json")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        JsonDocument.Parse(mesh.Out.ToString()).RootElement.GetProperty("became").GetProperty("waiting").GetInt32().ShouldBe(3);
        (await TakeAsync(mesh, 3)).ShouldBe(["id-0 -", "id-2 -", "id-4 -"]);
    }

    [Fact]
    public async Task Replay_DeadLetters_GoToTheirOwnTopicUnderANewIdWhereAsked()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh);

        (await mesh.RunAsync("replay", "app.dead", "--to", "app", "--again", "--yes", "--wait", "0")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        var taken = (await TakeAsync(mesh, 1)).ShouldHaveSingleItem().Split(' ');
        taken[0].ShouldNotBe("id-5");
        taken[1].ShouldBe("id-5");
    }

    [Theory]
    [InlineData("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01T10:00:00.5+02:00", "2026-03-01T08:00:00.5Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01 07:30", "2026-03-01T07:30:00Z")]
    [InlineData("90s", "2026-03-02T11:58:30Z")]
    [InlineData("10m", "2026-03-02T11:50:00Z")]
    [InlineData("2h", "2026-03-02T10:00:00Z")]
    [InlineData("3d", "2026-02-27T12:00:00Z")]
    [InlineData("now", "2026-03-02T12:00:00Z")]
    [InlineData("today", "2026-03-02T00:00:00Z")]
    [InlineData("Yesterday", "2026-03-01T00:00:00Z")]
    [InlineData("06:15", "2026-03-02T06:15:00Z")]
    public void Parse_Time_IsUnderstood(string text, string expected) =>
        TimeText.Parse(text, "--from", new FixedClock()).ToUniversalTime().ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("99999999999d")]
    [InlineData("2147483647d")]
    [InlineData("1.5h")]
    [InlineData("2026-02-30")]
    [InlineData("25:00")]
    public void Parse_NoTime_IsRefused(string text) =>
        Should.Throw<MeshException>(() => TimeText.Parse(text, "--from", new FixedClock())).ExitCode.ShouldBe(ExitCode.Usage);

    private static string Folder(Mesh mesh) => Path.Combine(mesh.Data, "broker");

    /// <summary>Six orders in two keys, the last of which died with `app`; `late` has heard nothing yet.</summary>
    private static async Task FillAsync(Mesh mesh)
    {
        await using var broker = await EventBroker.OpenAsync(new BrokerOptions { Path = Folder(mesh) }, NullLogger.Instance, Ct);
        await broker.RegisterAsync(Subscription("late"), Ct);
        var handler = new Taker(static one => one.Id == "id-5" ? new Verdict(VerdictKind.GivenUp, "never") : Verdict.Handled);
        await using var subscription = await broker.SubscribeAsync(Subscription("app"), handler, Ct);
        for (var i = 0; i < 6; i++)
        {
            var result = await broker.PublishAsync(
                new OutgoingEvent
                {
                    PubSub = "pubsub",
                    Topic = "orders",
                    Id = $"id-{i}",
                    Key = i % 2 == 0 ? "even" : "odd",
                    Data = Encoding.UTF8.GetBytes($$$"""{"specversion":"1.0","id":"id-{{{i}}}","data":{"n":{{{i}}}}}"""),
                },
                Ct);
            result.Accepted.ShouldBeTrue(result.Problem);
        }

        await broker.PublishAsync(new OutgoingEvent { PubSub = "pubsub", Topic = "bills", Data = "no json"u8.ToArray() }, Ct);
        await handler.NextAsync(6);
        await Eventually.TrueAsync(() => broker.StatusAsync(Ct).AsTask().Result.Subscribers.Single(static one => one.Consumer == "app") is { Lag: 0, Dead: 1 }, TimeSpan.FromSeconds(20));
    }

    /// <summary>What the app gets when it is back: each event's id, and the one that it had before.</summary>
    private static async Task<List<string>> TakeAsync(Mesh mesh, int count)
    {
        await using var broker = await EventBroker.OpenAsync(new BrokerOptions { Path = Folder(mesh) }, NullLogger.Instance, Ct);
        var handler = new Taker(static _ => Verdict.Handled);
        await using var subscription = await broker.SubscribeAsync(Subscription("app"), handler, Ct);
        var taken = await handler.NextAsync(count);
        return [.. taken.OrderBy(static one => one.Offset).Select(static one =>
        {
            var envelope = JsonDocument.Parse(one.Data).RootElement;
            envelope.GetProperty("id").GetString().ShouldBe(one.Id);
            return $"{one.Id} {(envelope.TryGetProperty("replayof", out var old) ? old.GetString() : "-")}";
        })];
    }

    private static SubscriptionOptions Subscription(string consumer) =>
        new() { PubSub = "pubsub", Topic = "orders", Consumer = consumer, Retry = new OneTry() };
}
