using HmsMesh.Broker.Tests.Support;
using HmsMesh.Broker.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests;

/// <summary>What retention lets go of, and that nobody who owes it an answer loses it.</summary>
[Collection(Witnessed.Name)]
public class RetentionTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    /// <summary>The progress that a trim writes first may begin a segment, which lets go of the same old ones.</summary>
    [Fact]
    public async Task Trim_ThatBeginsASegment_KeepsWhatIsOwed()
    {
        using var folder = new TemporaryFolder();
        using var disk = new FaultyDisk(folder.Path);
        var time = new StillTime();
        var owed = new List<long>();
        await using (var broker = Open(folder.Path, time))
        {
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), new Recorder(), Make.Token);
            while (folder.Segments.Count < 4)
            {
                await broker.StoreAsync(Large());
            }

            await broker.RegisterAsync(Make.Subscription("late"), Make.Token);
            while (folder.Segments.Count < 8)
            {
                owed.Add(await broker.StoreAsync(Large()));
            }

            await Wait.UntilAsync(() => broker.Subscribers().Single(static one => one.Consumer == "app").Lag == 0);
            time.Shift = Retention * 2;
            disk.Refuses = static (step, name) => step == "sync" && name.EndsWith(".log", StringComparison.Ordinal) ? FaultyDisk.Full : null;
            (await broker.PublishAsync(Make.Event("refused"), Make.Token)).Status.ShouldBe(PublishStatus.DiskFull);
            disk.Refuses = null;
            var newest = folder.Segments[^1];
            await TrimAsync(broker);
            folder.Segments[^1].ShouldNotBe(newest);
            broker.Core.Files.Segments[0].Base.ShouldBeInRange(2, owed[0]);
        }

        await using var again = Open(folder.Path, TimeProvider.System);
        again.Core.Files.Segments[0].Base.ShouldBeLessThanOrEqualTo(owed[0]);
        var late = new Recorder();
        await using var other = await again.SubscribeAsync(Make.Subscription("late"), late, Make.Token);
        (await late.NextAsync(owed.Count)).Select(static one => one.Event.Offset).ShouldBe(owed, ignoreOrder: true);
    }

    [Fact]
    public async Task Trim_OfSegments_ClosesThem()
    {
        using var folder = new TemporaryFolder();
        var time = new StillTime();
        await using var broker = Open(folder.Path, time);
        while (folder.Segments.Count < 4)
        {
            await broker.StoreAsync(Large());
        }

        var segments = broker.Core.Files.Segments;
        time.Shift = Retention * 2;
        await TrimAsync(broker);

        segments.Select(static one => one.Handle.IsClosed).ShouldBe([true, true, true, false]);
        OpenIn(folder.Path).Count(static one => one.Contains(".log", StringComparison.Ordinal)).ShouldBe(OperatingSystem.IsLinux() ? 1 : 0);
    }

    [Fact]
    public async Task Read_OfWhatIsTrimmedMeanwhile_GoesOnWhereTheLogBegins()
    {
        using var folder = new TemporaryFolder();
        var time = new StillTime();
        await using (var broker = Open(folder.Path, time))
        {
            while (folder.Segments.Count < 4)
            {
                await broker.StoreAsync(Large());
            }
        }

        // Opened anew, nothing is in memory: all is read from the files.
        await using var again = Open(folder.Path, time);
        await using var reading = again.ReadAsync(0, follow: false, Make.Token).GetAsyncEnumerator(Make.Token);
        (await reading.MoveNextAsync()).ShouldBeTrue();
        time.Shift = Retention * 2;
        await TrimAsync(again);
        var read = new List<long>();
        while (await reading.MoveNextAsync())
        {
            read.Add(reading.Current.Offset);
        }

        read.ShouldBe((await again.ReadAllAsync()).Select(static one => one.Offset));
        read[0].ShouldBeGreaterThan(again.Core.Files.Segments[0].Base);
    }

    private static async Task TrimAsync(LogBroker broker)
    {
        var trim = new TrimRequest();
        broker.Core.Queue.TryAdd(trim).ShouldBeNull();
        await trim.Done.WaitAsync(Make.Patience, Make.Token);
    }

    /// <summary>What this process has open in a folder; nothing where the system doesn't tell.</summary>
    private static List<string> OpenIn(string folder) => !OperatingSystem.IsLinux() ? [] :
        [.. Directory.GetFiles("/proc/self/fd").Select(static one => new FileInfo(one).LinkTarget ?? "").Where(one => one.StartsWith(folder, StringComparison.Ordinal))];

    private static OutgoingEvent Large() => Make.Event(new string('x', 20_000));

    private static LogBroker Open(string folder, TimeProvider time) => LogBroker.Open(
        new BrokerOptions { Path = folder, SegmentSize = 64 << 10, Retention = Retention, Time = time }, folder, NullLogger.Instance);
}
