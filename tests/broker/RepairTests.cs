using HmsMesh.Broker.Log;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>Every kind of damage is named, mended, and loses nothing but what is gone; consumers stand where they can be trusted to.</summary>
public class RepairTests
{
    public static TheoryData<string> Kinds => [.. DamagedLog.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Repair_AnyDamage_IsNamedAndMended(string kind)
    {
        using var folder = new TemporaryFolder();
        var handled = await DamagedLog.FillAsync(folder);
        var before = DamagedLog.Read(folder.Path);
        var damaged = DamagedLog.Damage(folder, kind);
        var refused = await Record.ExceptionAsync(async () => await (await DamagedLog.OpenAsync(folder)).DisposeAsync());

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

        await using var broker = await DamagedLog.OpenLaterAsync(folder);
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
        await DamagedLog.FillAsync(folder);

        using var repair = LogRepair.Open(folder.Path, Make.Token);

        repair.Report.Damages.ShouldBeEmpty();
        repair.Report.Lost.ShouldBe(0);
        repair.Report.Topics.Single(static one => one.Topic == "orders").Kept.ShouldBe(DamagedLog.Events);
        repair.Report.Subscribers.Single(static one => one.Consumer == "late").Lag.ShouldBe(DamagedLog.Events);
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
        await DamagedLog.FillAsync(folder);
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
            (await File.ReadAllBytesAsync(Path.Combine(copy.Path, Path.GetFileName(file)), Make.Token)).ShouldBe(await File.ReadAllBytesAsync(file, Make.Token));
        }
    }

    [Fact]
    public async Task Open_TornEnd_IsNoDamage()
    {
        using var folder = new TemporaryFolder();
        await DamagedLog.FillAsync(folder);
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
}
