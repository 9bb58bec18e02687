using HmsMesh.Broker.Log;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>Every kind of damage is named, mended, and loses nothing but what is gone; consumers stand where they can be trusted to.</summary>
public class RepairTests
{
    private const int Events = 60;

    public static TheoryData<string> Kinds =>
    [
        "byte in the middle of an old segment", "byte in the newest segment", "old segment missing", "first segment missing", "gap of zeros",
        "newest segment cut short", "snapshot of the newest segment", "snapshot of the first segment", "snapshot of every segment",
        "header of an old segment", "header of the newest segment", "side file missing", "side file broken", "newest segment missing", "everything but the side file missing",
        "record in the wrong place", "two gaps",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Repair_AnyDamage_IsNamedAndMended(string kind)
    {
        using var folder = new TemporaryFolder();
        var handled = await FillAsync(folder);
        var before = Read(folder.Path);
        var damaged = Damage(folder, kind);
        var refused = await Record.ExceptionAsync(async () => await (await OpenAsync(folder)).DisposeAsync());

        using (var repair = LogRepair.Open(folder.Path, Make.Token))
        {
            var report = repair.Report;
            report.Damages.ShouldNotBeEmpty();
            report.Damages.ShouldContain(one => one.File == damaged, $"{string.Join("; ", report.Damages)}");
            using var copy = new TemporaryFolder();
            repair.CopyTo(copy.Path, Make.Token);
            repair.Apply(TimeProvider.System.GetUtcNow());
            (report.Kept + report.Lost).ShouldBe(report.Head - 1, kind);
        }

        using (var clean = LogRepair.Open(folder.Path, Make.Token))
        {
            clean.Report.Damages.ShouldBeEmpty(kind);
        }

        await using var broker = await OpenLaterAsync(folder);
        var kept = (await broker.ReadAllAsync("orders")).ToDictionary(static one => one.Offset, Make.Text);
        kept.ShouldAllBe(one => before[one.Key] == one.Value);
        var lost = before.Keys.Except(kept.Keys).ToHashSet();
        await GoOnAsync(broker, before, kept.Keys.ToHashSet(), handled, kind);
        if (kind is "side file missing" or "side file broken" or "header of an old segment" or "header of the newest segment" or "snapshot of the newest segment")
        {
            lost.ShouldBeEmpty(kind);
        }

        if (kind is not "byte in the middle of an old segment" and not "snapshot of the first segment" and not "two gaps" and not "gap of zeros"
            and not "record in the wrong place")
        {
            refused.ShouldBeOfType<BrokerDamagedException>().Message.ShouldContain("mesh repair");
        }
    }

    [Fact]
    public async Task Open_GoodFolder_HasNothingToRepair()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder);

        using var repair = LogRepair.Open(folder.Path, Make.Token);

        repair.Report.Damages.ShouldBeEmpty();
        repair.Report.Lost.ShouldBe(0);
        repair.Report.Topics.Single(static one => one.Topic == "orders").Kept.ShouldBe(Events);
        repair.Report.Subscribers.Single(static one => one.Consumer == "late").Lag.ShouldBe(Events);
    }

    [Fact]
    public async Task Open_RunningFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);

        Should.Throw<BrokerLockedException>(() => LogRepair.Open(folder.Path, Make.Token));
    }

    [Fact]
    public async Task CopyTo_WithTheSocketOfAKilledBroker_CopiesTheLog()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder);
        using var left = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        left.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(folder.Path, "socket")));
        using var copy = new TemporaryFolder();

        using (var repair = LogRepair.Open(folder.Path, Make.Token))
        {
            repair.CopyTo(copy.Path, Make.Token);
        }

        foreach (var file in Directory.GetFiles(folder.Path, "*.log"))
        {
            File.ReadAllBytes(Path.Combine(copy.Path, Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file));
        }
    }

    [Fact]
    public async Task Open_TornEnd_IsNoDamage()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder);
        var last = folder.Segments[^1];
        using (var walk = new SegmentWalk(Segment.OpenToRead(last)))
        {
            while (walk.TryNext(out _, out _))
            {
                // To its end.
            }

            await using var file = new FileStream(last, FileMode.Open, FileAccess.Write);
            file.Position = walk.Position;
            await file.WriteAsync(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, Make.Token);
        }

        using var repair = LogRepair.Open(folder.Path, Make.Token);

        repair.Report.Damages.ShouldBeEmpty();
    }

    /// <summary>Everything that is kept and was not handled for certain reaches each consumer; the topic goes on.</summary>
    private static async Task GoOnAsync(IEventBroker broker, Dictionary<long, string> before, HashSet<long> kept, HashSet<long> handled, string kind)
    {
        var known = broker.Subscribers().Select(static one => one.Consumer).ToHashSet();
        var (app, late) = (new Recorder(), new Recorder());
        await using var one = await broker.SubscribeAsync(Make.Subscription("app"), app, Make.Token);
        await using var two = await broker.SubscribeAsync(Make.Subscription("late"), late, Make.Token);
        var last = await broker.StoreAsync(Make.Event("new"));
        last.ShouldBeGreaterThan(before.Keys.Max());
        await Wait.UntilAsync(() => broker.Subscribers().All(static one => one.Lag == 0));
        var (byApp, byLate) = (app.Rest().Select(static one => one.Event.Offset).ToHashSet(), late.Rest().Select(static one => one.Event.Offset).ToHashSet());
        byApp.ShouldContain(last);
        if (known.Contains("app"))
        {
            kept.Except(handled).Except(byApp).ShouldBeEmpty($"{kind}: owed to app and not delivered");
        }

        if (known.Contains("late"))
        {
            kept.Except(byLate).ShouldBeEmpty($"{kind}: owed to late and not delivered");
        }

        await using var earliest = await broker.SubscribeAsync(Make.Subscription("first") with { StartFrom = StartFrom.Earliest }, new Recorder(), Make.Token);
        await Wait.UntilAsync(() => broker.Subscribers().All(static one => one.Lag == 0));
    }

    private static string Damage(TemporaryFolder folder, string kind)
    {
        var segments = folder.Segments;
        segments.Count.ShouldBeGreaterThan(3);
        var side = Path.Combine(folder.Path, "acknowledged");
        switch (kind)
        {
            case "byte in the middle of an old segment":
                return Flip(segments[1], 30_000);
            case "byte in the newest segment":
                return Flip(segments[^1], RecordsEnd(segments[^1]) - 100);
            case "old segment missing":
                return Delete(segments[1]);
            case "first segment missing":
                return Delete(segments[0]);
            case "newest segment missing":
                Delete(segments[^1]);
                return segments[^2];
            case "gap of zeros":
                return Write(segments[1], 20_000, new byte[12_000]);
            case "two gaps":
                Flip(segments[1], 10_000);
                return Flip(segments[1], 40_000);
            case "newest segment cut short":
                using (var file = File.OpenHandle(segments[^1], FileMode.Open, FileAccess.ReadWrite))
                {
                    RandomAccess.SetLength(file, RecordsEnd(segments[^1]) - 500);
                }

                return segments[^1];
            case "snapshot of the newest segment":
                return Flip(segments[^1], 100);
            case "snapshot of the first segment":
                return Flip(segments[0], 70);
            case "snapshot of every segment":
                return segments.Select(static one => Flip(one, 90)).Last();
            case "header of an old segment":
                return Flip(segments[1], 8);
            case "header of the newest segment":
                return Flip(segments[^1], 3);
            case "side file missing":
                return Delete(side);
            case "side file broken":
                File.WriteAllBytes(side, new byte[1024]);
                return side;
            case "everything but the side file missing":
                return segments.Select(Delete).First();
            case "record in the wrong place":
                var bytes = File.ReadAllBytes(segments[1]);
                return Write(segments[1], 40_000, bytes[200..9000]);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private static long RecordsEnd(string path)
    {
        using var walk = new SegmentWalk(Segment.OpenToRead(path));
        while (walk.TryNext(out _, out _))
        {
            // To its end.
        }

        return walk.Position;
    }

    private static string Delete(string path)
    {
        File.Delete(path);
        return path;
    }

    private static string Flip(string path, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 0x40;
        RandomAccess.Write(file, one, at);
        return path;
    }

    private static string Write(string path, long at, byte[] bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, at);
        return path;
    }

    private static Dictionary<long, string> Read(string folder)
    {
        using var view = LogView.Open(folder);
        return view.Read(0, "orders", Make.Token).ToDictionary(static one => one.Offset, Make.Text);
    }

    private static Task<IEventBroker> OpenAsync(TemporaryFolder folder) => Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });

    /// <summary>Long after, when everything that failed may be tried again.</summary>
    private static Task<IEventBroker> OpenLaterAsync(TemporaryFolder folder) =>
        Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10, Time = new ShiftedTime(TimeSpan.FromHours(2)) });

    /// <summary>Some events in several segments; `app` handled all but a few, `late` none. Returns what was handled for certain.</summary>
    private static async Task<HashSet<long>> FillAsync(TemporaryFolder folder)
    {
        await using var broker = await OpenAsync(folder);
        await broker.RegisterAsync(Make.Subscription("late"), Make.Token);
        var handled = new HashSet<long>();
        var handler = new Recorder((one, _) => ValueTask.FromResult(one.Event.Text()[0] == '7' ? new Verdict(VerdictKind.Failed, "later") : Handled(one)));
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription("app") with { Retry = new Fixed(TimeSpan.FromHours(1), 9) }, handler, Make.Token);
        for (var i = 0; i < Events; i++)
        {
            await broker.StoreAsync(Make.Event($"{i % 10} {i} {new string('x', 4000)}", $"key-{i}"));
        }

        await Wait.UntilAsync(() => broker.Subscribers().Single(static one => one.Consumer == "app").Retrying == Events / 10
            && broker.Subscribers().Single(static one => one.Consumer == "app").Lag == Events / 10);
        return handled;

        Verdict Handled(Delivery one)
        {
            lock (handled)
            {
                handled.Add(one.Event.Offset);
            }

            return Verdict.Handled;
        }
    }
}
