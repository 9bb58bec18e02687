using System.Globalization;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>Subscriptions of a process that is not the writer.</summary>
public class SharedSubscriptionTests
{
    [Fact]
    public async Task Subscribe_OnClient_HandlesAndAnswers()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var recorder = new Recorder((delivery, _) => ValueTask.FromResult(delivery.Event.Text() switch
        {
            "bad" => new Verdict(VerdictKind.Failed, "broken", "trace"),
            "gone" => new Verdict(VerdictKind.GivenUp, "unreadable"),
            "back" when delivery.Event.Offset > 0 && Interlocked.Increment(ref _backs) == 1 => new Verdict(VerdictKind.GivenBack),
            _ => Verdict.Handled,
        }));
        await using var subscription = await client.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        foreach (var text in (string[])["good", "bad", "gone", "back", new string('l', 100_000)])
        {
            await writer.StoreAsync(Make.Event(text));
        }

        await Wait.UntilAsync(() => writer.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        var seen = recorder.Rest();
        seen.Count(static one => one.Event.Text() == "good").ShouldBe(1);
        seen.Where(static one => one.Event.Text() == "bad").Select(static one => one.Try).ShouldBe([1, 2, 3, 4]);
        seen.Where(static one => one.Event.Text() == "back").Select(static one => one.Try).ShouldBe([1, 1]);
        seen.Count(static one => one.Event.Text().Length == 100_000).ShouldBe(1);
        var dead = await client.ReadAllAsync("app.dead");
        dead.Select(static one => (one.Text(), one.DeadLetter!.Tries, one.DeadLetter.Cause)).ShouldBe([("gone", 1, "unreadable"), ("bad", 4, "broken")], ignoreOrder: true);
        dead.First(static one => one.Text() == "bad").DeadLetter!.TraceParent.ShouldBe("trace");
    }

    [Fact]
    public async Task Subscribe_OnBoth_KeepsOrderByKey()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var (order, under) = (new Dictionary<string, List<int>>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var overlaps = 0;
        async ValueTask<Verdict> Handle(Delivery delivery, CancellationToken cancel)
        {
            lock (order)
            {
                overlaps += under.Add(delivery.Event.Key!) ? 0 : 1;
                (order.TryGetValue(delivery.Event.Key!, out var list) ? list : order[delivery.Event.Key!] = [])
                    .Add(int.Parse(delivery.Event.Text(), CultureInfo.InvariantCulture));
            }

            await Task.Yield();
            lock (order)
            {
                under.Remove(delivery.Event.Key!);
            }

            return Verdict.Handled;
        }

        var (here, there) = (new Recorder(Handle), new Recorder(Handle));
        await using var first = await writer.SubscribeAsync(Make.Subscription() with { Concurrency = 4 }, here, Make.Token);
        await using var second = await client.SubscribeAsync(Make.Subscription() with { Concurrency = 4 }, there, Make.Token);
        for (var i = 0; i < 20; i++)
        {
            await client.PublishAsync([.. Enumerable.Range(i * 50, 50).Select(static one => Make.Event(one, $"k{one % 7}"))], Make.Token);
        }

        await Wait.UntilAsync(() => writer.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        overlaps.ShouldBe(0);
        order.Values.ShouldAllBe(static one => one.SequenceEqual(one.Order()));
        order.Values.Sum(static one => one.Count).ShouldBe(1000);
        here.Rest().ShouldNotBeEmpty();
        there.Rest().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Subscribe_BatchOnClient_GetsBatches()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        await client.RegisterAsync(Make.Subscription(), Make.Token);
        await writer.PublishAsync([.. Enumerable.Range(0, 40).Select(static one => Make.Event(one))], Make.Token);
        var recorder = new Recorder();

        await using var subscription = await client.SubscribeAsync(Make.Subscription() with { BatchSize = 10 }, recorder, Make.Token);

        (await recorder.NextAsync(40)).Select(static one => one.Event.Text()).Distinct(StringComparer.Ordinal).Count().ShouldBe(40);
        recorder.LargestBatch.ShouldBe(10);
        await Wait.UntilAsync(() => writer.Subscribers()[0] is { Lag: 0, InFlight: 0 });
    }

    [Fact]
    public async Task Pause_OnClient_StandsStillAndSpendsNoTry()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await using var subscription = await client.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        subscription.Pause();
        await client.StatusAsync(Make.Token);
        await writer.StoreAsync(Make.Event("one"));
        (await client.StatusAsync(Make.Token)).Subscribers.ShouldHaveSingleItem().Lag.ShouldBe(1);
        recorder.Rest().ShouldBeEmpty();
        subscription.Resume();

        (await recorder.NextAsync()).Try.ShouldBe(1);
    }

    [Fact]
    public async Task Lease_EndedOnClient_CancelsAndCountsATry()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var cancelled = 0;
        var recorder = new Recorder(async (delivery, cancel) =>
        {
            if (delivery.Try == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ContinueWith(_ => Interlocked.Increment(ref cancelled), TaskScheduler.Default);
            }

            return Verdict.Handled;
        });
        await using var subscription = await client.SubscribeAsync(Make.Subscription() with { Lease = TimeSpan.FromMilliseconds(100) }, recorder, Make.Token);

        await client.StoreAsync(Make.Event("slow"));

        (await recorder.NextAsync(2)).Select(static one => one.Try).ShouldBe([1, 2]);
        await Wait.UntilAsync(() => writer.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        await Wait.UntilAsync(() => Volatile.Read(ref cancelled) == 1);
    }

    private int _backs;
}
