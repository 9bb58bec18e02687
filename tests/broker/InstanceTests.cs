using System.Collections.Concurrent;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests;

/// <summary>Instances of one consumer share its events.</summary>
public class InstanceTests
{
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
    public async Task Subscribe_IdleInstances_TakeTurns()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        Recorder[] recorders = [new(), new(), new()];
        var subscriptions = new List<IBrokerSubscription>();
        foreach (var recorder in recorders)
        {
            subscriptions.Add(await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token));
        }

        for (var i = 0; i < 12; i++)
        {
            await broker.StoreAsync(Make.Event(i, $"key-{i % 2}"));
            await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        }

        recorders.Select(static one => one.Rest().Count).ShouldBe([4, 4, 4]);
        await subscriptions[2].DisposeAsync();
        for (var i = 0; i < 6; i++)
        {
            await broker.StoreAsync(Make.Event(i));
            await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        }

        recorders.Select(static one => one.Rest().Count).ShouldBe([3, 3, 0]);
    }

    /// <summary>Batches are filled one after another, not all a little.</summary>
    [Fact]
    public async Task Subscribe_IdleInstancesOfBatches_TakeTurnsByTheBatch()
    {
        using var folder = new TemporaryFolder();
        await using var broker = LogBroker.Open(new BrokerOptions { Path = folder.Path }, folder.Path, NullLogger.Instance);
        broker.Core.Hold();
        var (first, second) = (new Recorder(), new Recorder());
        var batched = Make.Subscription() with { BatchSize = 5 };
        await using var one = await broker.SubscribeAsync(batched, first, Make.Token);
        await using var two = await broker.SubscribeAsync(batched, second, Make.Token);
        await broker.PublishAsync([.. Enumerable.Range(0, 50).Select(static one => Make.Event(one))], Make.Token);

        broker.Core.Release();

        await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        var (firsts, seconds) = (first.Rest().Count, second.Rest().Count);
        (firsts + seconds, firsts % 5).ShouldBe((50, 0));
        Math.Min(firsts, seconds).ShouldBeGreaterThan(0);
    }
}
