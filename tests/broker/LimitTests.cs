using System.Diagnostics;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

public class LimitTests
{
    private static readonly string Large = new('x', 60_000);

    [Fact]
    public async Task MaxSize_WithALaggingSubscriber_RefusesNamingIt_AndGoesOnWhenItHasCaughtUp()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder, static one => one with { MaxSize = 1 << 20 });
        await broker.RegisterAsync(Make.Subscription("laggard"), Make.Token);
        var (accepted, result) = await FillAsync(broker);
        result.Status.ShouldBe(PublishStatus.Full);
        result.Problem!.ShouldContain($"laggard lags {accepted} events behind on orders");
        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription("laggard"), recorder, Make.Token);
        await recorder.NextAsync(accepted);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);

        await broker.StoreAsync(Make.Event(Large));
        (await recorder.NextAsync()).Event.Text().ShouldBe(Large);
        folder.Segments.Sum(static one => new FileInfo(one).Length).ShouldBeLessThan(3 << 20);
    }

    [Fact]
    public async Task MaxSize_WithoutSubscribers_DropsTheOldest()
    {
        using var folder = new TemporaryFolder();
        static BrokerOptions Small(BrokerOptions one) => one with { MaxSize = 1 << 20 };
        long last = 0;
        await using (var broker = await Make.BrokerAsync(folder, Small))
        {
            for (var i = 0; i < 60; i++)
            {
                last = await broker.StoreAsync(Make.Event(Large));
            }
        }

        await using var again = await Make.BrokerAsync(folder, Small);
        var stored = await again.ReadAllAsync();
        stored.Count.ShouldBeInRange(5, 20);
        stored[^1].Offset.ShouldBe(last);
        await using var subscription = await again.SubscribeAsync(Make.Subscription() with { StartFrom = StartFrom.Earliest }, new Recorder(), Make.Token);
        await Wait.UntilAsync(() => again.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Retention_ByAge_NeverPassesAKnownSubscribersMark()
    {
        using var folder = new TemporaryFolder();
        var time = new ShiftedTime(TimeSpan.Zero);
        BrokerOptions Aging(BrokerOptions one) => one with { SegmentSize = 256 << 10, Retention = TimeSpan.FromSeconds(10), Time = time };
        await using (var broker = await Make.BrokerAsync(folder, Aging))
        {
            await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(static _ => Make.Event(Large, topic: "unheard"))], Make.Token);
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(static _ => Make.Event(Large))], Make.Token);
            var before = folder.Segments;

            time.Shift = TimeSpan.FromMinutes(1);
            await Wait.UntilAsync(() => folder.Segments.Count < before.Count);

            (await broker.ReadAllAsync("orders")).Count.ShouldBe(10);
            (await broker.ReadAllAsync("unheard")).Count.ShouldBeLessThan(5);
            folder.Segments.ShouldBeSubsetOf(before);
        }

        await using var again = await Make.BrokerAsync(folder, Aging);
        var recorder = new Recorder();
        await using var subscription = await again.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await recorder.NextAsync(10);
        await Wait.UntilAsync(() => folder.Segments.Count == 1);
    }

    [Fact]
    public async Task Names_LongerThanTheirLimit_AreRefusedAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var name = new string('t', 513);

        var result = await broker.PublishAsync(Make.Event("a", topic: name), Make.Token);

        result.Status.ShouldBe(PublishStatus.TooLarge);
        result.Problem!.ShouldContain("512");
        (await Should.ThrowAsync<BrokerException>(async () => await broker.RegisterAsync(Make.Subscription(topic: name), Make.Token))).Message.ShouldContain("512");
        await broker.StoreAsync(Make.Event("a", topic: name[1..]));
    }

    [Fact]
    public async Task Topics_PastTheirNumber_AreRefused_AndKnownOnesGoOn()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        for (var at = 0; at < 65_536; at += 4096)
        {
            var results = await broker.PublishAsync([.. Enumerable.Range(at, 4096).Select(static n => Make.Event("a", topic: $"t{n}"))], Make.Token);
            results.ShouldAllBe(static result => result.Accepted);
        }

        var refused = await broker.PublishAsync(Make.Event("a", topic: "another"), Make.Token);

        refused.Status.ShouldBe(PublishStatus.Full);
        refused.Problem!.ShouldContain("another");
        await broker.StoreAsync(Make.Event("a", topic: "t1"));
    }

    [Fact]
    public async Task Batch_OfLargeEvents_GoesBeforeItIsFull()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        var options = Make.Subscription() with { BatchSize = 100, BatchWait = TimeSpan.FromHours(1) };
        await using var subscription = await broker.SubscribeAsync(options, recorder, Make.Token);

        await broker.PublishAsync([.. Enumerable.Range(0, 5).Select(static _ => Make.Event(new string('x', 1 << 20)))], Make.Token);

        await recorder.NextAsync(4);
        recorder.LargestBatch.ShouldBe(4);
    }

    [Fact]
    public async Task Forget_ReleasesWhatWasKept()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.RegisterAsync(Make.Subscription(topic: "other"), Make.Token);
            await broker.RegisterAsync(Make.Subscription("second"), Make.Token);
            await using (await broker.SubscribeAsync(Make.Subscription(), new Recorder(), Make.Token))
            {
                (await Should.ThrowAsync<BrokerException>(async () => await broker.ForgetAsync("app", Make.Token))).Message.ShouldContain("attached");
            }

            (await broker.ForgetAsync("app", Make.Token)).ShouldBe(2);
            (await broker.ForgetAsync("app", Make.Token)).ShouldBe(0);
        }

        await using var again = await Make.BrokerAsync(folder);
        again.Subscribers().ShouldHaveSingleItem().Consumer.ShouldBe("second");
    }

    [Fact]
    public async Task Deduplication_AfterItsWindow_TakesTheEventAgain()
    {
        using var folder = new TemporaryFolder();
        var time = new ShiftedTime(TimeSpan.Zero);
        await using var broker = await Make.BrokerAsync(folder, one => one with { Time = time });
        var outgoing = Make.Event("a") with { Source = "s", Id = "1", Deduplication = TimeSpan.FromMinutes(5) };
        await broker.StoreAsync(outgoing);
        time.Shift = TimeSpan.FromMinutes(4);
        (await broker.PublishAsync(outgoing, Make.Token)).Status.ShouldBe(PublishStatus.Duplicate);
        time.Shift = TimeSpan.FromMinutes(6);
        await broker.StoreAsync(outgoing);
    }

    [Fact]
    public async Task Disk_Full_RefusesAndGoesOnWhenThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small tmpfs needs root on Linux");
        using var parent = new TemporaryFolder();
        var mount = Path.Combine(parent.Path, "small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount) == 0, "mounting a tmpfs is not allowed here");
        try
        {
            var ballast = Path.Combine(mount, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[2 << 20], Make.Token);
            var options = new BrokerOptions { Path = Path.Combine(mount, "broker") };
            int stored;
            await using (var broker = await EventBroker.OpenAsync(options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Make.Token))
            {
                await broker.RegisterAsync(Make.Subscription(), Make.Token);
                (stored, var result) = await FillAsync(broker);
                result.Status.ShouldBe(PublishStatus.DiskFull);
                result.Problem!.ShouldContain(options.Path);

                // What is there is delivered, and its acknowledgements still find room.
                var recorder = new Recorder();
                await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
                await recorder.NextAsync(stored);
                await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
                File.Delete(ballast);
                await broker.StoreAsync(Make.Event(Large));
                await recorder.NextAsync();
            }

            await using var again = await EventBroker.OpenAsync(options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Make.Token);
            (await again.ReadAllAsync()).Count.ShouldBe(stored + 1);
            again.Subscribers()[0].Lag.ShouldBe(0);
        }
        finally
        {
            Run("umount", mount).ShouldBe(0);
        }
    }

    [Fact]
    public async Task Pool_SharesAFolderAndClosesItWithItsLastUser()
    {
        using var folder = new TemporaryFolder();
        await using var pool = new BrokerPool(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var options = new BrokerOptions { Path = folder.Path };
        var one = await pool.RentAsync(options, Make.Token);
        var two = await pool.RentAsync(options with { Path = folder.Path + "/" }, Make.Token);
        two.Broker.ShouldBeSameAs(one.Broker);
        await one.DisposeAsync();
        await one.DisposeAsync();
        await two.Broker.StoreAsync(Make.Event("a"));
        await two.DisposeAsync();

        await using var alone = await Make.BrokerAsync(folder);
        (await alone.ReadAllAsync()).Count.ShouldBe(1);
    }

    private static async Task<(int Accepted, PublishResult Refusal)> FillAsync(IEventBroker broker)
    {
        for (var accepted = 0; accepted < 60; accepted++)
        {
            var result = await broker.PublishAsync(Make.Event(Large), Make.Token);
            if (!result.Accepted)
            {
                return (accepted, result);
            }
        }

        throw new InvalidOperationException("The log took everything.");
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
