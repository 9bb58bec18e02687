using System.Globalization;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>Two brokers on one folder. They share nothing but the folder, as two processes do.</summary>
public class SharingTests
{
    [Fact]
    public async Task Publish_ThroughBoth_IsOneLog()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);

        var first = await writer.StoreAsync(Make.Event("one"));
        var second = await client.StoreAsync(Make.Event("two", "key") with { Id = "2", Source = "s", ContentType = "text/plain", Publisher = "app" });
        var more = await client.PublishAsync([Make.Event("three"), Make.Event("four", topic: "others")], Make.Token);

        second.ShouldBe(first + 1);
        more.ShouldAllBe(static one => one.Status == PublishStatus.Stored);
        var read = await writer.ReadAllAsync();
        read.Select(Make.Text).ShouldBe(["one", "two", "three", "four"]);
        (read[1].Key, read[1].Id, read[1].Source, read[1].ContentType, read[1].Publisher).ShouldBe(("key", "2", "s", "text/plain", "app"));
        (await client.ReadAllAsync()).Select(Make.Text).ShouldBe(["one", "two", "three", "four"]);
    }

    [Fact]
    public async Task Publish_SameEventThroughBoth_IsOnDiskOnce()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var outgoing = Make.Event("one") with { Id = "1", Source = "s", Deduplication = TimeSpan.FromHours(1) };

        var offset = await client.StoreAsync(outgoing);

        (await writer.PublishAsync(outgoing, Make.Token)).ShouldBe(new PublishResult(PublishStatus.Duplicate, offset));
        (await client.PublishAsync(outgoing, Make.Token)).ShouldBe(new PublishResult(PublishStatus.Duplicate, offset));
        (await client.StatusAsync(Make.Token)).Duplicates.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_TooLargeThroughClient_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);

        (await client.PublishAsync(Make.Event(new string('x', 17 << 20)), Make.Token)).Status.ShouldBe(PublishStatus.TooLarge);
        (await client.PublishAsync(Make.Event("x", topic: new string('t', 600)), Make.Token)).Status.ShouldBe(PublishStatus.TooLarge);
        await client.StoreAsync(Make.Event(new string('x', 15 << 20)));
    }

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

    [Fact]
    public async Task Forget_OnClient_ForgetsAndRefusesWhileAttached()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        await using (await client.SubscribeAsync(Make.Subscription(), new Recorder(), Make.Token))
        {
            (await Should.ThrowAsync<BrokerException>(async () => await client.ForgetAsync("app", Make.Token))).Message.ShouldContain("is attached");
            (await Should.ThrowAsync<BrokerException>(async () => await writer.ForgetAsync("app", Make.Token))).Message.ShouldContain("is attached");
        }

        (await client.ForgetAsync("app", Make.Token)).ShouldBe(1);
        writer.Subscribers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_FollowingOnClient_GoesOverSegmentsAndWriters()
    {
        using var folder = new TemporaryFolder();
        var writer = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });
        await using var client = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });
        await using var third = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Make.Token);
        var read = new List<string>();
        var reading = Task.Run(async () =>
        {
            await foreach (var one in client.ReadAsync(0, follow: true, enough.Token))
            {
                read.Add(one.Text()[..3]);
                if (read.Count == 300)
                {
                    return;
                }
            }
        }, Make.Token);

        for (var i = 0; i < 300; i++)
        {
            await third.StoreAsync(Make.Event($"{i:000}{new string('x', 1000)}"));
            if (i == 150)
            {
                await writer.DisposeAsync();
            }
        }

        await reading.WaitAsync(Make.Patience, Make.Token);
        read.ShouldBe([.. Enumerable.Range(0, 300).Select(static one => $"{one:000}")]);
        folder.Segments.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Close_OfTheWriterUnderLoad_LosesAndRefusesNothing()
    {
        using var folder = new TemporaryFolder();
        var first = await Make.BrokerAsync(folder);
        var second = await Make.BrokerAsync(folder);
        await using var third = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await using var subscription = await third.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        using var stop = new CancellationTokenSource();
        var seen = new List<Delivery>();
        var publishing = Task.WhenAll(Enumerable.Range(0, 8).Select(async publisher =>
        {
            var stored = new List<string>();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await third.StoreAsync(Make.Event($"{publisher}/{i}", $"k{publisher}"));
                stored.Add($"{publisher}/{i}");
            }

            return stored;
        }));

        seen.AddRange(await recorder.NextAsync(100));
        await first.DisposeAsync();
        seen.AddRange(await recorder.NextAsync(100));
        await second.DisposeAsync();
        seen.AddRange(await recorder.NextAsync(100));
        await stop.CancelAsync();
        var stored = (await publishing).SelectMany(static one => one).ToList();

        await Wait.UntilAsync(() => third.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        var all = await third.ReadAllAsync("orders");
        all.Select(Make.Text).ShouldBe(stored, ignoreOrder: true);
        var rest = recorder.Rest();
        seen.AddRange(rest);

        // A machine that lets an instance wait for its turn for longer than it is waited for brings it an event twice.
        seen.Select(static one => one.Event.Text()).Distinct(StringComparer.Ordinal).ShouldBe(stored, ignoreOrder: true);
        rest.ShouldAllBe(static one => one.Try == 1);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Open_FolderOfALongPath_IsShared()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, new string('a', 120), new string('b', 120));
        await using var writer = await Make.BrokerAsync(folder, one => one with { Path = path });
        await using var client = await Make.BrokerAsync(folder, one => one with { Path = path });

        await client.StoreAsync(Make.Event("one"));

        (await writer.ReadAllAsync()).Select(Make.Text).ShouldBe(["one"]);
        File.Exists(Path.Combine(path, "socket")).ShouldBeTrue();
        File.GetUnixFileMode(Path.Combine(path, "socket")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Takeover_OfADamagedLog_RefusesNamingFileAndByte()
    {
        using var folder = new TemporaryFolder();
        var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        await client.StoreAsync(Make.Event("one"));
        await client.StoreAsync(Make.Event("two"));
        var file = folder.Segments.ShouldHaveSingleItem();
        await using (var damaged = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            damaged.Position = 200;
            damaged.Write("damage"u8);
        }

        await writer.DisposeAsync();
        var result = await client.PublishAsync(Make.Event("three"), Make.Token);

        result.Accepted.ShouldBeFalse();
        result.Problem!.ShouldContain(file);
        result.Problem!.ShouldContain("byte");
    }

    private int _backs;
}
