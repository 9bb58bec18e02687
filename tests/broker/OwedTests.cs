using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests;

/// <summary>What is owed to a consumer and can't be read: nothing of it is skipped in silence.</summary>
public class OwedTests
{
    [Fact]
    public async Task Read_OfWhatIsOwedWhereSomethingElseIs_StandsStill()
    {
        using var folder = new TemporaryFolder();
        await using var broker = Open(folder, NullLogger.Instance);
        var stored = await broker.StoreAsync(Make.Event("one"));
        Add(broker, 1, stored);

        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription("bad"), recorder, Make.Token);

        await Wait.UntilAsync(() => Status(broker, "bad").Problem is not null);
        Status(broker, "bad").Problem.ShouldNotBeNull().ShouldContain("record 1 is not the event of orders that bad is owed");
        Status(broker, "bad").Lag.ShouldBe(2);
    }

    [Fact]
    public async Task Read_OfWhatIsOwedAndLost_TellsAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        await DamagedLog.FillAsync(folder);
        DamagedLog.Damage(folder, "gap of zeros");
        using (var repair = LogRepair.Open(folder.Path, Make.Token))
        {
            repair.Apply(TimeProvider.System.GetUtcNow());
        }

        long lost;
        using (var view = LogView.Open(folder.Path))
        {
            lost = view.First;
            while (view.TryRead(lost, out var record) && record.Kind != RecordKind.Lost)
            {
                lost++;
            }
        }

        var lines = new LogLines();
        await using var broker = Open(folder, lines);
        var stored = await broker.StoreAsync(Make.Event("after"));
        Add(broker, lost, stored);

        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription("bad"), recorder, Make.Token);

        (await recorder.NextAsync()).Event.Offset.ShouldBe(stored);
        lines.Has($"does not get event {lost} of orders: it was lost").ShouldBeTrue();
    }

    [Fact]
    public async Task Read_OfAFileThatIsClosedWhileTheBrokerIsOpen_IsTriedAgain()
    {
        using var folder = new TemporaryFolder();
        await using (var before = Open(folder, NullLogger.Instance))
        {
            await before.RegisterAsync(Make.Subscription(), Make.Token);
            while (folder.Segments.Count < 3)
            {
                await before.StoreAsync(Make.Event(new string('x', 10_000)));
            }
        }

        // Opened anew, nothing is in memory: all is read from the files.
        await using var broker = Open(folder, NullLogger.Instance);
        var files = broker.Core.Files;
        var first = files.Segments[0];
        first.Handle.Dispose();
        var recorder = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await Wait.UntilAsync(() => Status(broker, "app").Problem is not null);
        files.Remove([first]);

        (await recorder.NextAsync()).Event.Offset.ShouldBeGreaterThan(files.Segments[0].Base);
        Status(broker, "app").Problem.ShouldBeNull();
    }

    /// <summary>A consumer that has read everything, and is owed what stands at some offsets.</summary>
    private static void Add(LogBroker broker, params long[] owed)
    {
        var state = new ConsumerState(99, Make.PubSub, "orders", "bad")
        {
            Cursor = broker.Core.Files.Head - 1,
            Count = broker.Core.Topic(Make.PubSub, "orders").Total,
        };
        state.Outstanding.UnionWith(owed);
        broker.Core.AddGroup(state);
    }

    private static SubscriberStatus Status(LogBroker broker, string consumer) => broker.Subscribers().Single(one => one.Consumer == consumer);

    private static LogBroker Open(TemporaryFolder folder, ILogger logger) =>
        LogBroker.Open(new BrokerOptions { Path = folder.Path, SegmentSize = 64 << 10 }, folder.Path, logger);
}
