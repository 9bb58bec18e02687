using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>A process that becomes the writer where something fails: the others, and its own, go on.</summary>
[Collection(Witnessed.Name)]
public class TakeoverTests
{
    /// <summary>Two instances that want other dead letter topics: each attaching tells that in the log, which a full disk refuses.</summary>
    [Fact]
    public async Task Takeover_OnAFullDisk_GivesOutWhatOthersCanHave()
    {
        using var folder = new TemporaryFolder();
        await using var all = await ProcessAsync(folder);

        await all.TakeOverAsync();

        await all.Broker.StoreAsync(Make.Event("after"));
        (await all.Second.NextAsync()).Event.Text().ShouldBe("after");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Takeover_OnAFullDisk_AttachesLaterWhatWasRefused()
    {
        using var folder = new TemporaryFolder();
        await using var all = await ProcessAsync(folder);
        await all.TakeOverAsync();

        await all.EndSecondAsync();
        await all.Broker.StoreAsync(Make.Event("after"));

        (await all.First.NextAsync()).Event.Text().ShouldBe("after");
    }

    [Fact]
    public async Task Open_WhereTheSocketCannotBeMade_SharesOnceItCan()
    {
        using var folder = new TemporaryFolder();
        var inTheWay = Directory.CreateDirectory(Path.Combine(folder.Path, "socket", "in the way"));
        var lines = new LogLines();
        await using var writer = await EventBroker.OpenAsync(new BrokerOptions { Path = folder.Path }, lines, Make.Token);
        var recorder = new Recorder();
        await using var subscription = await writer.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await writer.StoreAsync(Make.Event("alone"));
        (await recorder.NextAsync()).Event.Text().ShouldBe("alone");
        await Wait.UntilAsync(() => lines.Has("socket"));

        inTheWay.Parent!.Delete(recursive: true);
        await using var client = await Make.BrokerAsync(folder);

        await client.StoreAsync(Make.Event("shared"));
        (await recorder.NextAsync()).Event.Text().ShouldBe("shared");
    }

    private static async Task<Taker> ProcessAsync(TemporaryFolder folder)
    {
        var writer = await Make.BrokerAsync(folder);
        var lines = new LogLines();
        var broker = await EventBroker.OpenAsync(new BrokerOptions { Path = folder.Path }, lines, Make.Token);
        var taker = new Taker(folder, writer, broker, lines);
        await taker.SubscribeAsync();
        return taker;
    }

    /// <summary>A process with two instances, beside the one that writes.</summary>
    private sealed class Taker(TemporaryFolder folder, IEventBroker writer, IEventBroker broker, LogLines lines) : IAsyncDisposable
    {
        private readonly FaultyDisk _disk = new(folder.Path);
        private readonly List<IBrokerSubscription> _subscriptions = [];

        public IEventBroker Broker => broker;

        public Recorder First { get; } = new();

        public Recorder Second { get; } = new();

        public async Task SubscribeAsync()
        {
            _subscriptions.Add(await broker.SubscribeAsync(Make.Subscription() with { DeadLetterTopic = "here" }, First, Make.Token));
            _subscriptions.Add(await broker.SubscribeAsync(Make.Subscription() with { DeadLetterTopic = "there" }, Second, Make.Token));
        }

        /// <summary>The writer closes; this process takes over, and its first instance finds no room until it has been refused.</summary>
        public async Task TakeOverAsync()
        {
            _disk.Refuses = static (step, name) => step == "write" && name.EndsWith(".log", StringComparison.Ordinal) ? FaultyDisk.Full : null;
            await writer.DisposeAsync();
            await Wait.UntilAsync(() => lines.Has("could not be attached"));
            _disk.Refuses = null;
        }

        public ValueTask EndSecondAsync() => _subscriptions[1].DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await broker.DisposeAsync();
            _disk.Dispose();
        }
    }
}
