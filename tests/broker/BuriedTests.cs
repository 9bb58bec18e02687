using HmsMesh.Broker.Log;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>A dead letter in the log is its source's acknowledgement, also where the progress that tells of it is lost or left out: nothing
/// is buried twice.</summary>
public class BuriedTests
{
    [Fact]
    public async Task Backup_OfDeadLettersAfterItsBeginning_BuriesThemOnce()
    {
        using var folder = new TemporaryFolder();
        using var copy = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.StoreAsync(Make.Event("fine 0"));
            using var backup = LogBackup.Begin(folder.Path);
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), Mortal(), Make.Token);
            foreach (var text in (string[])["die 1", "fine 2", "die 3", "fine 4"])
            {
                await broker.StoreAsync(Make.Event(text));
            }

            await Wait.UntilAsync(() => broker.Subscribers().Single() is { Lag: 0, Dead: 2 });
            backup.Finish(copy.Path, TimeProvider.System.GetUtcNow(), Make.Token);
        }

        await CheckAsync(copy, ["fine 0", "fine 2", "fine 4"], dead: 2);
    }

    [Fact]
    public async Task Repair_BehindLostProgress_BuriesOnce()
    {
        using var folder = new TemporaryFolder();
        foreach (var text in (string[])["fine 0", "die 1", "fine 2", "die 3", "fine 4"])
        {
            await using var broker = await Make.BrokerAsync(folder);
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), Mortal(), Make.Token);
            await broker.StoreAsync(Make.Event(text));
            await Wait.UntilAsync(() => broker.Subscribers().Single().Lag == 0);
        }

        DamageFirstProgress(folder.Segments.Single());
        using (var repair = LogRepair.Open(folder.Path, Make.Token))
        {
            repair.Report.Lost.ShouldBe(1);
            repair.Report.Subscribers.Single().ShouldSatisfyAllConditions(static one => one.Lag.ShouldBe(3), static one => one.Dead.ShouldBe(2));
            repair.Apply(TimeProvider.System.GetUtcNow());
        }

        await CheckAsync(folder, ["fine 0", "fine 2", "fine 4"], dead: 2);
    }

    /// <summary>What is not dead is owed, and what comes after it as ever.</summary>
    private static async Task CheckAsync(TemporaryFolder folder, string[] owed, int dead)
    {
        await using var broker = await Make.BrokerAsync(folder);
        broker.Subscribers().Single().ShouldSatisfyAllConditions(one => one.Lag.ShouldBe(owed.Length), one => one.Dead.ShouldBe(dead));
        var handler = Mortal();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), handler, Make.Token);
        await broker.StoreAsync(Make.Event("new"));
        await Wait.UntilAsync(() => broker.Subscribers().Single().Lag == 0);
        handler.Rest().Select(static one => one.Event.Text()).Order(StringComparer.Ordinal).ShouldBe([.. owed, "new"]);
        (await broker.ReadAllAsync("app.dead")).Count.ShouldBe(dead);
    }

    private static Recorder Mortal() => new(static (one, _) =>
        ValueTask.FromResult(one.Event.Text().StartsWith("die", StringComparison.Ordinal) ? new Verdict(VerdictKind.GivenUp, "never") : Verdict.Handled));

    private static void DamageFirstProgress(string path)
    {
        using var segment = Segment.Open(path);
        using var walk = new SegmentWalk(segment);
        while (walk.TryNext(out var header, out _))
        {
            if (header.Kind == RecordKind.Progress)
            {
                RandomAccess.Write(segment.Handle, [0xFF], walk.Position - header.Size + RecordFormat.HeaderSize);
                return;
            }
        }

        Assert.Fail("There is no progress.");
    }
}
