using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

public class DeliveryTests
{
    [Fact]
    public async Task Subscribe_Keyless_StartInLogOrder()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription() with { Concurrency = 1 }, recorder, Make.Token);

        await broker.PublishAsync([.. Enumerable.Range(0, 200).Select(i => Make.Event(i))], Make.Token);

        (await recorder.NextAsync(200)).Select(static one => one.Event.Text()).ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Subscribe_Keyless_RunSideBySideUpToConcurrency()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new Recorder(async (_, token) =>
        {
            await open.Task.WaitAsync(token);
            return Verdict.Handled;
        });
        await using var subscription = await broker.SubscribeAsync(Make.Subscription() with { Concurrency = 4 }, recorder, Make.Token);
        await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(i => Make.Event(i))], Make.Token);

        await recorder.NextAsync(4);
        broker.Subscribers().ShouldHaveSingleItem().InFlight.ShouldBe(4);
        recorder.Rest().ShouldBeEmpty();
        open.SetResult();
        await recorder.NextAsync(6);
    }

    [Fact]
    public async Task Failed_Key_HoldsBackItsOwnKeyOnly()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder((delivery, _) =>
            ValueTask.FromResult(delivery.Event.Text() == "bad" && delivery.Try < 3 ? new Verdict(VerdictKind.Failed, "no") : Verdict.Handled));
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { Concurrency = 2, Retry = new Fixed(TimeSpan.FromMilliseconds(100), 5) }, recorder, Make.Token);

        await broker.PublishAsync([Make.Event("bad", "a"), Make.Event("a2", "a"), Make.Event("b1", "b"), Make.Event("b2", "b"), Make.Event("free")], Make.Token);

        var order = (await recorder.NextAsync(7)).ConvertAll(static one => one.Event.Text());
        order.Take(4).ShouldBe(["bad", "b1", "b2", "free"], ignoreOrder: true);
        order.Skip(4).ShouldBe(["bad", "bad", "a2"]);
    }

    [Fact]
    public async Task Bulk_CollectsUpToItsSize()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        await broker.PublishAsync([.. Enumerable.Range(0, 25).Select(i => Make.Event(i))], Make.Token);

        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { BatchSize = 10, Concurrency = 1 }, recorder, Make.Token);

        (await recorder.NextAsync(25)).Select(static one => one.Event.Text()).ShouldBe(Enumerable.Range(0, 25).Select(i => $"{i}"));
        recorder.LargestBatch.ShouldBe(10);
    }

    [Fact]
    public async Task Bulk_WaitsForItsTimeToFill()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { BatchSize = 100, BatchWait = TimeSpan.FromMilliseconds(300) }, recorder, Make.Token);

        await broker.StoreAsync(Make.Event(1));
        await broker.StoreAsync(Make.Event(2));

        await recorder.NextAsync(2);
        recorder.LargestBatch.ShouldBe(2);
    }

    [Fact]
    public async Task Pause_StandsStill_AndResumeGoesOnWithNoTrySpent()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var healthy = false;
        var recorder = new Recorder((_, _) => ValueTask.FromResult(Volatile.Read(ref healthy) ? Verdict.Handled : new Verdict(VerdictKind.GivenBack)));
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        var offset = await broker.StoreAsync(Make.Event("a"));
        await recorder.NextAsync();
        subscription.Pause();
        await broker.StoreAsync(Make.Event("b"));
        await Wait.UntilAsync(() => broker.Subscribers()[0].InFlight == 0);
        var status = broker.Subscribers()[0];
        status.Lag.ShouldBe(2);
        status.Mark.ShouldBeLessThan(offset);
        recorder.Rest();

        Volatile.Write(ref healthy, true);
        subscription.Resume();

        var rest = await recorder.NextAsync(2);
        rest.Select(static one => (one.Event.Text(), one.Try)).ShouldBe([("a", 1), ("b", 1)], ignoreOrder: true);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Lease_Ended_CancelsTheHandlerAndCountsAsFailure()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new Recorder(async (delivery, token) =>
        {
            if (delivery.Try == 1)
            {
                await new TaskCompletionSource().Task.WaitAsync(token).ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
            }

            return Verdict.Handled;
        });
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { Lease = TimeSpan.FromMilliseconds(100) }, recorder, Make.Token);

        await broker.StoreAsync(Make.Event("slow"));

        (await recorder.NextAsync(2)).Select(static one => one.Try).ShouldBe([1, 2]);
        await cancelled.Task.WaitAsync(Make.Patience, Make.Token);
    }

    [Fact]
    public async Task Lease_OfAHandlerThatNeverReturns_EndsAllTheSame()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var never = new TaskCompletionSource<Verdict>();
        var recorder = new Recorder((delivery, _) => delivery is { Try: 1, Event.Offset: 3 } ? new ValueTask<Verdict>(never.Task) : ValueTask.FromResult(Verdict.Handled));
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { Lease = TimeSpan.FromMilliseconds(100), Concurrency = 1 }, recorder, Make.Token);

        await broker.StoreAsync(Make.Event("hung", "k"));
        await broker.StoreAsync(Make.Event("next", "k"));

        (await recorder.NextAsync(3)).Select(static one => (one.Event.Text(), one.Try)).ShouldBe([("hung", 1), ("hung", 2), ("next", 1)]);
        await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, InFlight: 0 });

        // Its answer comes too late to count.
        never.SetResult(new Verdict(VerdictKind.Failed));
        await broker.StoreAsync(Make.Event("after", "k"));
        (await recorder.NextAsync()).Event.Text().ShouldBe("after");
        recorder.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Close_WaitsForDeliveriesUnderWay_AndTheirAcknowledgementsAreOnDisk()
    {
        using var folder = new TemporaryFolder();
        var broker = await Make.BrokerAsync(folder);
        var answer = new TaskCompletionSource<Verdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new Recorder((_, _) => new ValueTask<Verdict>(answer.Task));
        await broker.SubscribeAsync(Make.Subscription() with { Concurrency = 1 }, recorder, Make.Token);
        await broker.StoreAsync(Make.Event("under way"));
        await broker.StoreAsync(Make.Event("not begun"));
        await recorder.NextAsync();

        var closing = broker.DisposeAsync().AsTask();
        closing.IsCompleted.ShouldBeFalse();
        answer.SetResult(Verdict.Handled);
        await closing.WaitAsync(Make.Patience, Make.Token);

        recorder.Rest().ShouldBeEmpty();
        await using var again = await Make.BrokerAsync(folder);
        again.Subscribers().ShouldHaveSingleItem().Lag.ShouldBe(1);
        var second = new Recorder();
        await using var next = await again.SubscribeAsync(Make.Subscription(), second, Make.Token);
        (await second.NextAsync()).Event.Text().ShouldBe("not begun");
    }

    [Fact]
    public async Task Expired_IsNotDelivered()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        await broker.StoreAsync(Make.Event("old") with { Expires = TimeProvider.System.GetUtcNow() });
        await broker.StoreAsync(Make.Event("new") with { Expires = TimeProvider.System.GetUtcNow().AddHours(1) });

        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        (await recorder.NextAsync()).Event.Text().ShouldBe("new");
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Expired_WhereDroppedOnesAreDeadLettered_IsADeadLetterUndelivered()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var options = Make.Subscription() with { DeadLetterTopic = "dead", DeadLetterDropped = true };
        await broker.RegisterAsync(options, Make.Token);
        await broker.StoreAsync(Make.Event("old", key: "a") with { Expires = TimeProvider.System.GetUtcNow() });
        await broker.StoreAsync(Make.Event("new", key: "a"));

        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(options, recorder, Make.Token);

        (await recorder.NextAsync()).Event.Text().ShouldBe("new");
        await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, Dead: 1 });
        var dead = (await broker.ReadAllAsync("dead")).ShouldHaveSingleItem();
        dead.Text().ShouldBe("old");
        dead.DeadLetter!.Tries.ShouldBe(0);
        dead.DeadLetter.Cause.ShouldContain("expired");
    }

    [Fact]
    public async Task End_ByTheBrokerAndByItsOwner_BothComeToAnEnd()
    {
        using var folder = new TemporaryFolder();
        var broker = await Make.BrokerAsync(folder);
        var answer = new TaskCompletionSource<Verdict>();
        var recorder = new Recorder((_, _) => new ValueTask<Verdict>(answer.Task));
        var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await broker.StoreAsync(Make.Event("a"));
        await recorder.NextAsync();

        var owner = subscription.DisposeAsync().AsTask();
        var ended = broker.DisposeAsync().AsTask();
        owner.IsCompleted.ShouldBeFalse();
        answer.SetResult(Verdict.Handled);

        await Task.WhenAll(owner, ended).WaitAsync(Make.Patience, Make.Token);
    }
}
