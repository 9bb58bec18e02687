using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

public class RetryTests
{
    private static readonly Verdict Failure = new(VerdictKind.Failed, "the app answered 500", "00-1-2-01");

    [Fact]
    public async Task Failed_ToTheEnd_IsADeadLetterWithTheOriginalUnchanged()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder((delivery, _) => ValueTask.FromResult(Failure with { TraceParent = $"trace-{delivery.Try}" }));
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        var outgoing = Make.Event("payload", "key") with { Source = "s", Id = "1", ContentType = "text/plain", Publisher = "p" };
        var offset = await broker.StoreAsync(outgoing);

        (await recorder.NextAsync(4)).Select(static one => one.Try).ShouldBe([1, 2, 3, 4]);
        await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, Dead: 1 });

        var letter = (await broker.ReadAllAsync("app.dead")).ShouldHaveSingleItem();
        letter.DeadLetter.ShouldBe(new DeadLetter("app", "orders", offset, "the app answered 500", 4, "trace-1"));
        letter.Data.ToArray().ShouldBe(outgoing.Data.ToArray());
        (letter.Key, letter.Source, letter.Id, letter.ContentType, letter.Publisher).ShouldBe(("key", "s", "1", "text/plain", "p"));
        recorder.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Failed_TwoConsumersOfOneDeadLetterTopic_AreToldApart()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var options = Make.Subscription() with { DeadLetterTopic = "graveyard", Retry = new Fixed(TimeSpan.Zero, 0) };
        var never = new Recorder((_, _) => ValueTask.FromResult(Failure));
        await using var one = await broker.SubscribeAsync(options, never, Make.Token);
        await using var two = await broker.SubscribeAsync(options with { Consumer = "second" }, never, Make.Token);

        await broker.StoreAsync(Make.Event("a"));

        await Wait.UntilAsync(() => broker.Subscribers().All(static status => status is { Lag: 0, Dead: 1 }));
        (await broker.ReadAllAsync("graveyard")).Select(static letter => letter.DeadLetter!.Consumer).ShouldBe(["app", "second"], ignoreOrder: true);
    }

    [Fact]
    public async Task Failed_TriesAreCountedOverReopening()
    {
        using var folder = new TemporaryFolder();
        var slow = Make.Subscription() with { Retry = new Fixed(TimeSpan.FromHours(1), 5) };
        await using (var broker = await Make.BrokerAsync(folder))
        {
            var recorder = new Recorder((_, _) => ValueTask.FromResult(Failure));
            await using var subscription = await broker.SubscribeAsync(slow, recorder, Make.Token);
            await broker.StoreAsync(Make.Event("a", "k"));
            await broker.StoreAsync(Make.Event("b", "k"));
            await recorder.NextAsync();
            await Wait.UntilAsync(() => broker.Subscribers()[0].Retrying == 1);
        }

        await using var again = await Make.BrokerAsync(folder, static one => one with { Time = new ShiftedTime(TimeSpan.FromHours(2)) });
        again.Subscribers()[0].Retrying.ShouldBe(1);
        var second = new Recorder();
        await using var next = await again.SubscribeAsync(slow, second, Make.Token);
        (await second.NextAsync(2)).Select(static one => (one.Event.Text(), one.Try)).ShouldBe([("a", 2), ("b", 1)]);
    }

    [Fact]
    public async Task Failed_WaitingAtReopening_StillHoldsBackItsKey()
    {
        using var folder = new TemporaryFolder();
        var slow = Make.Subscription() with { Retry = new Fixed(TimeSpan.FromHours(1), 5) };
        await using (var broker = await Make.BrokerAsync(folder))
        {
            var recorder = new Recorder((_, _) => ValueTask.FromResult(Failure));
            await using var subscription = await broker.SubscribeAsync(slow, recorder, Make.Token);
            await broker.StoreAsync(Make.Event("a", "k"));
            await recorder.NextAsync();
            await Wait.UntilAsync(() => broker.Subscribers()[0].Retrying == 1);
        }

        await using var again = await Make.BrokerAsync(folder);
        var second = new Recorder();
        await using var next = await again.SubscribeAsync(slow, second, Make.Token);
        await again.StoreAsync(Make.Event("b", "k"));
        await again.StoreAsync(Make.Event("c", "other"));
        (await second.NextAsync()).Event.Text().ShouldBe("c");
        await Wait.UntilAsync(() => again.Subscribers()[0].Lag == 2);
        second.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Dropped_IsAcknowledged_OrDeadLetteredWhereTheSubscriptionSaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder((_, _) => ValueTask.FromResult(new Verdict(VerdictKind.Dropped, "404")));
        await using var plain = await broker.SubscribeAsync(Make.Subscription("plain"), recorder, Make.Token);
        await using var burying = await broker.SubscribeAsync(
            Make.Subscription("burying") with { DeadLetterTopic = "dropped", DeadLetterDropped = true }, recorder, Make.Token);

        var offset = await broker.StoreAsync(Make.Event("a"));

        await Wait.UntilAsync(() => broker.Subscribers().All(static status => status.Lag == 0));
        var letters = (await broker.ReadAllAsync()).Where(static one => one.DeadLetter is not null);
        letters.ShouldHaveSingleItem().DeadLetter.ShouldBe(new DeadLetter("burying", "orders", offset, "404", 1, null));
    }

    [Fact]
    public async Task Failed_OnItsOwnDeadLetterTopic_EndsThere()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder((_, _) => ValueTask.FromResult(Failure));
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription(topic: "app.dead") with { Retry = new Fixed(TimeSpan.Zero, 1) }, recorder, Make.Token);

        await broker.StoreAsync(Make.Event("a", topic: "app.dead"));

        await recorder.NextAsync(2);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
        (await broker.ReadAllAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Handler_Throwing_CountsAsFailureOfAll()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder((delivery, _) => delivery.Try == 1 ? throw new InvalidOperationException("boom") : ValueTask.FromResult(Verdict.Handled));
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        await broker.StoreAsync(Make.Event("a"));

        (await recorder.NextAsync(2)).Select(static one => one.Try).ShouldBe([1, 2]);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Reopen_AfterManySegments_FindsExactlyTheStateThatWasLeft()
    {
        using var folder = new TemporaryFolder();
        static BrokerOptions Small(BrokerOptions one) => one with { SegmentSize = 256 << 10 };
        var broker = await Make.BrokerAsync(folder, Small);

        // Every third event waits for another try and holds back its key, every fifth dies.
        var recorder = new Recorder((delivery, _) => ValueTask.FromResult(
            delivery.Event.Offset % 3 == 0 ? Failure : delivery.Event.Offset % 5 == 0 ? new Verdict(VerdictKind.Dropped, "no") : Verdict.Handled));
        await broker.SubscribeAsync(
            Make.Subscription() with { DeadLetterTopic = "dead", DeadLetterDropped = true, Retry = new Fixed(TimeSpan.FromHours(1), 9) }, recorder, Make.Token);
        for (var i = 0; i < 20; i++)
        {
            await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(j => Make.Event(new string('x', 9000), $"k{i}-{j % 4}"))], Make.Token);
        }

        await broker.DisposeAsync();
        var left = broker.Subscribers().ShouldHaveSingleItem();
        (left.Dead > 0 && left.Retrying > 0 && left.Lag > left.Retrying).ShouldBeTrue(left.ToString());
        folder.Segments.Count.ShouldBeGreaterThan(4);

        await using var again = await Make.BrokerAsync(folder, Small);
        again.Subscribers().ShouldHaveSingleItem().ShouldBe(left);
        (await again.ReadAllAsync("dead")).Count.ShouldBe((int)left.Dead);
    }
}
