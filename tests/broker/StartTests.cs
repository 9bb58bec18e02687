using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>From where a consumer hears, and a reader reads.</summary>
public class StartTests
{
    [Fact]
    public async Task Register_BeforePublish_MissesNothingAndKeepsItsMarkOverReopening()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.StoreAsync(Make.Event("before"));
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.PublishAsync([Make.Event("1"), Make.Event("2"), Make.Event("3")], Make.Token);
            var recorder = new Recorder((delivery, _) =>
                ValueTask.FromResult(delivery.Event.Text() == "2" ? new Verdict(VerdictKind.GivenBack) : Verdict.Handled));
            await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
            (await recorder.NextAsync(3)).Select(static one => one.Event.Text()).ShouldBe(["1", "2", "3"], ignoreOrder: true);
            await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 1);
        }

        await using var again = await Make.BrokerAsync(folder);
        again.Subscribers().ShouldHaveSingleItem().Lag.ShouldBe(1);
        var second = new Recorder();
        await using var next = await again.SubscribeAsync(Make.Subscription(), second, Make.Token);
        var delivery = await second.NextAsync();
        (delivery.Event.Text(), delivery.Try).ShouldBe(("2", 1));
        await Wait.UntilAsync(() => again.Subscribers()[0].Lag == 0);
        second.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task StartFrom_Earliest_HearsWhatIsThere()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.StoreAsync(Make.Event("1"));
        await broker.StoreAsync(Make.Event("x", topic: "other"));
        await broker.StoreAsync(Make.Event("2"));
        var recorder = new Recorder();

        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { StartFrom = StartFrom.Earliest, Concurrency = 1 }, recorder, Make.Token);

        (await recorder.NextAsync(2)).Select(static one => one.Event.Text()).ShouldBe(["1", "2"]);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);
    }

    [Fact]
    public async Task Read_Follow_WaitsForNewEvents()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.StoreAsync(Make.Event("1"));
        await using var events = broker.ReadAsync(0, follow: true, Make.Token).GetAsyncEnumerator(Make.Token);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Text().ShouldBe("1");

        var next = events.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        await broker.StoreAsync(Make.Event("2"));

        (await next.AsTask().WaitAsync(Make.Patience, Make.Token)).ShouldBeTrue();
        events.Current.Text().ShouldBe("2");
    }
}
