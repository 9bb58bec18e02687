using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>An event that is sent again to one consumer.</summary>
public class ReplayTests
{
    [Fact]
    public async Task Publish_ToOneConsumer_ReachesItAloneAndCountsForItAlone()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.RegisterAsync(Make.Subscription("other"), Make.Token);
        await broker.RegisterAsync(Make.Subscription("app"), Make.Token);
        await broker.StoreAsync(Make.Event("first"));

        await broker.StoreAsync(Make.Event("again") with { To = "app" });

        Lag(broker, "app").ShouldBe(2);
        Lag(broker, "other").ShouldBe(1);
        var (mine, others) = (new Recorder(), new Recorder());
        await using var one = await broker.SubscribeAsync(Make.Subscription("app"), mine, Make.Token);
        await using var two = await broker.SubscribeAsync(Make.Subscription("other"), others, Make.Token);
        (await mine.NextAsync(2)).Select(static one => one.Event.Text()).Order().ShouldBe(["again", "first"]);
        (await others.NextAsync()).Event.Text().ShouldBe("first");
        await Wait.UntilAsync(() => Lag(broker, "app") == 0 && Lag(broker, "other") == 0);
        others.Rest().ShouldBeEmpty();
        (await broker.ReadAllAsync("orders")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_ToOneConsumer_PassesDeduplicationBy()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var handler = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), handler, Make.Token);
        var said = Make.Event("a") with { Id = "1", Source = "s", Deduplication = TimeSpan.FromHours(1) };
        await broker.StoreAsync(said);
        await handler.NextAsync();

        await broker.StoreAsync(said with { To = "app" });
        await broker.StoreAsync(said with { To = "app" });

        (await handler.NextAsync(2)).ShouldAllBe(static one => one.Event.Id == "1" && one.Try == 1);
        (await broker.PublishAsync(said, Make.Token)).Status.ShouldBe(PublishStatus.Duplicate);
    }

    [Fact]
    public async Task Publish_ToNobodyWhoHears_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);

        var result = await broker.PublishAsync(Make.Event("a") with { To = "nobody" }, Make.Token);

        result.Status.ShouldBe(PublishStatus.Failed);
        result.Problem.ShouldBe("nobody does not hear orders of pubsub.");
    }

    [Fact]
    public async Task Replay_OverRestart_IsDeliveredWithItsTriesInOrderOfItsKey()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            var failing = new Recorder(static (_, _) => ValueTask.FromResult(new Verdict(VerdictKind.Failed, "not now")));
            await using var held = await broker.SubscribeAsync(Make.Subscription() with { Retry = new Fixed(TimeSpan.FromDays(1), 9) }, failing, Make.Token);
            await broker.StoreAsync(Make.Event("1", "k") with { To = "app" });
            await broker.StoreAsync(Make.Event("2", "k") with { To = "app" });
            (await failing.NextAsync()).Event.Text().ShouldBe("1");
            await Wait.UntilAsync(() => broker.Subscribers().Single().Retrying == 1);
            Lag(broker, "app").ShouldBe(2);
        }

        var later = new ShiftedTime(TimeSpan.FromDays(2));
        await using var again = await Make.BrokerAsync(folder, one => one with { Time = later });
        again.Subscribers().Single().ShouldSatisfyAllConditions(static one => one.Lag.ShouldBe(2), static one => one.Retrying.ShouldBe(1));
        var handler = new Recorder();
        await using var subscription = await again.SubscribeAsync(Make.Subscription(), handler, Make.Token);
        (await handler.NextAsync(2)).Select(static one => (one.Event.Text(), one.Try)).ShouldBe([("1", 2), ("2", 1)]);
        await Wait.UntilAsync(() => Lag(again, "app") == 0);
    }

    [Fact]
    public async Task Replay_GivenUp_BecomesOneDeadLetter()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var handler = new Recorder(static (_, _) => ValueTask.FromResult(new Verdict(VerdictKind.GivenUp, "never")));
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), handler, Make.Token);

        var offset = await broker.StoreAsync(Make.Event("1") with { To = "app" });

        await Wait.UntilAsync(() => broker.Subscribers().Single().Dead == 1);
        (await broker.ReadAllAsync("app.dead")).ShouldHaveSingleItem().DeadLetter!.Offset.ShouldBe(offset);
    }

    [Fact]
    public async Task Replay_AheadOfABacklog_KeepsTheMarkAndTheSegments()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        var mark = broker.Subscribers().Single().Mark;
        await broker.StoreAsync(Make.Event("backlog"));
        await broker.StoreAsync(Make.Event("again") with { To = "app" });

        broker.Subscribers().Single().Mark.ShouldBe(mark);
    }

    private static long Lag(IEventBroker broker, string consumer) => broker.Subscribers().Single(one => one.Consumer == consumer).Lag;
}
