using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>Looking into a folder from outside, while a broker runs on it and while none does.</summary>
public class ViewTests
{
    [Fact]
    public async Task Open_WhileTheBrokerRuns_SeesWhatIsSyncedAndFollows()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        await broker.StoreAsync(Make.Event("a"));
        using var view = LogView.Open(folder.Path);

        view.Read(0, "orders", Make.Token).Select(Make.Text).ShouldBe(["a"]);
        view.Subscribers().ShouldHaveSingleItem().Lag.ShouldBe(1);
        for (var i = 0; i < 40; i++)
        {
            await broker.StoreAsync(Make.Event(new string('x', 5000)));
        }

        view.Refresh();
        view.Read(0, "orders", Make.Token).Count().ShouldBe(41);
        view.Subscribers().ShouldHaveSingleItem().Lag.ShouldBe(41);
        view.Segments.Count.ShouldBeGreaterThan(2);
        view.Topics(Make.Token).ShouldHaveSingleItem().Events.ShouldBe(41);
    }

    [Fact]
    public async Task Open_Folder_ChangesNothing()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.StoreAsync(Make.Event("a"));
        }

        Dictionary<string, byte[]> Read() => Directory.GetFiles(folder.Path).ToDictionary(static path => path, File.ReadAllBytes);
        var before = Read();
        using (var view = LogView.Open(folder.Path))
        {
            view.Topics(Make.Token).ShouldHaveSingleItem();
        }

        var after = Read();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        after.ShouldAllBe(one => one.Value.SequenceEqual(before[one.Key]));
    }

    [Fact]
    public async Task OffsetAt_Time_SkipsSegmentsBeforeIt()
    {
        using var folder = new TemporaryFolder();
        var time = new ShiftedTime(TimeSpan.Zero);
        var marks = new List<DateTimeOffset>();
        await using (var broker = await Make.BrokerAsync(folder, one => one with { SegmentSize = 64 << 10, Time = time }))
        {
            for (var hour = 0; hour < 5; hour++, time.Shift += TimeSpan.FromHours(1))
            {
                marks.Add(time.GetUtcNow());
                for (var i = 0; i < 20; i++)
                {
                    await broker.StoreAsync(Make.Event($"{hour} {new string(' ', 5000)}"));
                }
            }
        }

        using var view = LogView.Open(folder.Path);
        for (var hour = 0; hour < 5; hour++)
        {
            var at = view.OffsetAt(marks[hour]);
            view.Read(at, null, Make.Token).Count(one => one.Time >= marks[hour]).ShouldBe((5 - hour) * 20);
            at.ShouldBeGreaterThanOrEqualTo(view.OffsetAt(marks[Math.Max(hour - 1, 0)]));
        }

        view.OffsetAt(marks[4]).ShouldBeGreaterThan(view.First);
        view.OffsetAfter(marks[0]).ShouldBeLessThan(view.Head);
        view.OffsetAt(DateTimeOffset.MinValue).ShouldBe(view.First);
        view.OffsetAfter(DateTimeOffset.MaxValue).ShouldBe(view.Head);
    }

    [Fact]
    public async Task Watch_Replays_TellsWhatTheHandlerAnswered()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { Retry = new Fixed(TimeSpan.FromDays(1), 1) },
            new Recorder(static (one, _) => ValueTask.FromResult(one.Event.Text() switch
            {
                "already" => new Verdict(VerdictKind.AlreadyHandled),
                "drop" => new Verdict(VerdictKind.Dropped),
                "fail" => new Verdict(VerdictKind.Failed, "not now"),
                "die" => new Verdict(VerdictKind.GivenUp, "never"),
                _ => Verdict.Handled,
            })),
            Make.Token);
        var offsets = new List<long>();
        foreach (var text in (string[])["fine", "already", "drop", "fail", "die"])
        {
            offsets.Add(await broker.StoreAsync(Make.Event(text) with { To = "app" }));
        }

        using var view = LogView.Open(folder.Path);
        var watch = new ReplayWatch(view, Make.PubSub, "orders", "app", offsets);
        ReplayState[] expected = [ReplayState.Handled, ReplayState.AlreadyHandled, ReplayState.Dropped, ReplayState.Failed, ReplayState.Dead];
        await Wait.UntilAsync(() =>
        {
            watch.Look();
            return watch.Outcomes.OrderBy(static one => one.Offset).Select(static one => one.State).SequenceEqual(expected);
        });

        watch.Find(offsets[3]).Single().ShouldBe(new ReplayOutcome(offsets[3], ReplayState.Failed, 1, "not now"));
        watch.Find(offsets[4]).Single().ShouldBe(new ReplayOutcome(offsets[4], ReplayState.Dead, 1, "never"));
    }
}
