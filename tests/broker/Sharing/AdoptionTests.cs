using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>What instances had under way with the writer before is adopted by the next one.</summary>
public class AdoptionTests
{
    /// <summary>An instance keeps its verdicts until they are on disk. Those on an event that the new writer has not read yet are not: were they
    /// called so, they would be lost with that writer.</summary>
    [Fact]
    public async Task Adopt_WithVerdictsOnWhatIsNotReadYet_TellsItsInstanceOnceTheyAreOnDisk()
    {
        using var folder = new TemporaryFolder();
        long offset;
        await using (var first = Open(folder.Path))
        {
            await first.RegisterAsync(Make.Subscription(), Make.Token);
            offset = await first.StoreAsync(Make.Event("one"));
        }

        await using var broker = Open(folder.Path);
        broker.Core.Hold();
        var link = new Instance(folder.Path);
        await using var subscription = await broker.AttachAsync(
            Make.Subscription(), null, link, one => one.Group.Adopt(new RemoteDelivery(link, one, one.Group, 1, [offset], [1]), [Verdict.Handled]), Make.Token);

        await ProgressRequest.WriteAsync(broker);
        link.Lag.Task.IsCompleted.ShouldBeFalse();
        broker.Core.Release();

        (await link.Lag.Task.WaitAsync(Make.Patience, Make.Token)).ShouldBe(0);
        link.Given.ShouldBe(0);
    }

    private static LogBroker Open(string folder) => LogBroker.Open(new BrokerOptions { Path = folder }, folder, NullLogger.Instance);

    /// <summary>Looks into the log when it is told that what it said is there.</summary>
    private sealed class Instance(string folder) : IDeliveryLink
    {
        public TaskCompletionSource<long> Lag { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Given { get; private set; }

        public bool IsDeaf => false;

        public void Deliver(RemoteDelivery delivery) => Given++;

        public void Doubt()
        {
            // Its lease does not end here.
        }

        public void Cancel(RemoteDelivery delivery)
        {
            // Nobody else has its events.
        }

        public void Settled(RemoteDelivery delivery)
        {
            using var view = LogView.Open(folder);
            Lag.TrySetResult(view.Subscribers().Single().Lag);
        }
    }
}
