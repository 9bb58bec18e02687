using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests;

/// <summary>What the log tells of consumers, and in which order.</summary>
[Collection(Witnessed.Name)]
public class ProgressTests
{
    /// <summary>Progress is taken, finds no room, and a segment is begun: its snapshot is of later than the progress, which behind it would
    /// take the consumer back.</summary>
    [Fact]
    public async Task Progress_ThatBeginsASegment_IsNotToldBehindItsSnapshot()
    {
        using var folder = new TemporaryFolder();
        using var disk = new FaultyDisk(folder.Path);
        var time = new StillTime();
        await using (var broker = Open(folder.Path, time))
        {
            var release = new TaskCompletionSource();
            var handler = new Recorder(async (delivery, _) =>
            {
                await (delivery.Event.Text() == "slow" ? release.Task : Task.CompletedTask);
                return Verdict.Handled;
            });
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), handler, Make.Token);
            await broker.StoreAsync(Make.Event("quick"));
            await broker.StoreAsync(Make.Event("slow"));
            await handler.NextAsync(2);
            await Wait.UntilAsync(() => broker.Subscribers().Single().Lag == 1);
            disk.Refuses = static (step, name) => step == "sync" && name.EndsWith(".log", StringComparison.Ordinal) ? FaultyDisk.Full : null;
            (await broker.PublishAsync(Make.Event("refused"), Make.Token)).Status.ShouldBe(PublishStatus.DiskFull);
            disk.Refuses = null;
            time.WhenTheWriterAsks = () =>
            {
                release.SetResult();
                SpinWait.SpinUntil(() => broker.Subscribers().Single().Lag == 0, Make.Patience).ShouldBeTrue();
            };
            await ProgressRequest.WriteAsync(broker);
            time.WhenTheWriterAsks.ShouldBeNull();
            folder.Segments.Count.ShouldBe(2);
        }

        await using var again = Open(folder.Path, TimeProvider.System);
        again.Subscribers().Single().Lag.ShouldBe(0);
    }

    private static LogBroker Open(string folder, TimeProvider time) =>
        LogBroker.Open(new BrokerOptions { Path = folder, Time = time }, folder, NullLogger.Instance);
}
