using System.Collections.Concurrent;
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
    public async Task Subscribe_Keys_ReachInOrderOneAtATimeOverTwoInstances()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var busy = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var byKey = new ConcurrentDictionary<string, ConcurrentQueue<int>>(StringComparer.Ordinal);
        var overlaps = 0;
        async ValueTask<Verdict> Handle(Delivery delivery, CancellationToken token)
        {
            var key = delivery.Event.Key!;
            if (!busy.TryAdd(key, true))
            {
                Interlocked.Increment(ref overlaps);
            }

            byKey.GetOrAdd(key, static _ => new ConcurrentQueue<int>()).Enqueue(int.Parse(delivery.Event.Text(), System.Globalization.CultureInfo.InvariantCulture));
            await Task.Yield();
            busy.TryRemove(key, out _);
            return Verdict.Handled;
        }

        var (first, second) = (new Recorder(Handle), new Recorder(Handle));
        await using var one = await broker.SubscribeAsync(Make.Subscription() with { Concurrency = 8 }, first, Make.Token);
        await using var two = await broker.SubscribeAsync(Make.Subscription() with { Concurrency = 8 }, second, Make.Token);
        await broker.PublishAsync([.. Enumerable.Range(0, 1000).Select(i => Make.Event(i, $"k{i % 7}"))], Make.Token);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);

        overlaps.ShouldBe(0);
        byKey.Count.ShouldBe(7);
        byKey.Values.Sum(static queue => queue.Count).ShouldBe(1000);
        byKey.Values.ShouldAllBe(static queue => queue.SequenceEqual(queue.Order()));
        first.Rest().Count.ShouldBeGreaterThan(0);
        second.Rest().Count.ShouldBeGreaterThan(0);
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
    public async Task Pause_OfOneInstance_LeavesItsShareToTheOther()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var (first, second) = (new Recorder(), new Recorder());
        await using var one = await broker.SubscribeAsync(Make.Subscription(), first, Make.Token);
        await using var two = await broker.SubscribeAsync(Make.Subscription() with { BatchSize = 10, BatchWait = TimeSpan.FromHours(1) }, second, Make.Token);
        two.Pause();

        await broker.PublishAsync([.. Enumerable.Range(0, 20).Select(i => Make.Event(i))], Make.Token);
        await first.NextAsync(20);
        second.Rest().ShouldBeEmpty();

        // What the other one had collected for a batch moves on too.
        two.Resume();
        one.Pause();
        await broker.PublishAsync([.. Enumerable.Range(0, 5).Select(i => Make.Event(i))], Make.Token);
        one.Resume();
        two.Pause();
        await first.NextAsync(5);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
        second.Rest().ShouldBeEmpty();
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

    [Fact]
    public async Task Register_BeforePublish_MissesNothingAndKeepsItsMarkOverReopening()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.StoreAsync(Make.Event("before"));
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.PublishAsync([Make.Event("1"), Make.Event("2"), Make.Event("3")], Make.Token);
            var recorder = new Recorder((delivery, _) =>
                ValueTask.FromResult(delivery.Event.Text() == "2" ? new Verdict(VerdictKind.GivenBack) : Verdict.Handled));
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
            (await recorder.NextAsync(3)).Select(static one => one.Event.Text()).ShouldBe(["1", "2", "3"], ignoreOrder: true);
            await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 1);
        }

        await using var again = await Make.BrokerAsync(folder);
        again.Subscribers().ShouldHaveSingleItem().Lag.ShouldBe(1);
        var second = new Recorder();
        await using var next = await again.SubscribeAsync(Make.Subscription(), second, Make.Token);
        var delivery = await second.NextAsync();
        (delivery.Event.Text(), delivery.Try).ShouldBe(("2", 1));
        await Wait.UntilAsync(() => again.Subscribers()[0].Lag == 0);
        second.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task StartFrom_Earliest_HearsWhatIsThere()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.StoreAsync(Make.Event("1"));
        await broker.StoreAsync(Make.Event("x", topic: "other"));
        await broker.StoreAsync(Make.Event("2"));
        var recorder = new Recorder();

        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { StartFrom = StartFrom.Earliest, Concurrency = 1 }, recorder, Make.Token);

        (await recorder.NextAsync(2)).Select(static one => one.Event.Text()).ShouldBe(["1", "2"]);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Read_Follow_WaitsForNewEvents()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.StoreAsync(Make.Event("1"));
        await using var events = broker.ReadAsync(0, follow: true, Make.Token).GetAsyncEnumerator(Make.Token);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Text().ShouldBe("1");

        var next = events.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        await broker.StoreAsync(Make.Event("2"));

        (await next.AsTask().WaitAsync(Make.Patience, Make.Token)).ShouldBeTrue();
        events.Current.Text().ShouldBe("2");
    }
}
