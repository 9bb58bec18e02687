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
}
