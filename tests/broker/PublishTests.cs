using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

public class PublishTests
{
    [Fact]
    public async Task Publish_AllFields_AreReadBackUnchanged()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var outgoing = Make.Event("""{"bedsFree":4}""", "gulfport") with
        {
            ContentType = "application/json",
            Source = "capacity",
            Id = "1",
            Publisher = "capacity",
            Expires = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["partitionKey"] = "gulfport", ["ü"] = "" },
        };

        var offset = await broker.StoreAsync(outgoing);

        var stored = (await broker.ReadAllAsync()).ShouldHaveSingleItem();
        stored.Offset.ShouldBe(offset);
        stored.Data.ToArray().ShouldBe(outgoing.Data.ToArray());
        (stored.PubSub, stored.Topic, stored.Key, stored.ContentType).ShouldBe((outgoing.PubSub, outgoing.Topic, outgoing.Key, outgoing.ContentType));
        (stored.Source, stored.Id, stored.Publisher, stored.Expires).ShouldBe((outgoing.Source, outgoing.Id, outgoing.Publisher, outgoing.Expires));
        stored.Metadata.ShouldBe(outgoing.Metadata);
        stored.DeadLetter.ShouldBeNull();
        (await broker.StatusAsync(Make.Token)).Head.ShouldBe(offset + 1);
    }

    [Fact]
    public async Task Publish_SixteenAtOnce_GetDenseOffsetsAndSurviveReopening()
    {
        using var folder = new TemporaryFolder();
        var offsets = new List<long>();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            var publishers = Enumerable.Range(0, 16).Select(async publisher =>
            {
                var mine = new List<long>();
                for (var i = 0; i < 50; i++)
                {
                    mine.Add(await broker.StoreAsync(Make.Event((publisher * 1000) + i)));
                }

                return mine;
            });
            offsets.AddRange((await Task.WhenAll(publishers)).SelectMany(static one => one));
        }

        offsets.Sort();
        offsets.ShouldBe(Enumerable.Range(0, 800).Select(i => offsets[0] + i));
        await using var again = await Make.BrokerAsync(folder);
        (await again.ReadAllAsync()).Select(static one => one.Offset).ShouldBe(offsets);
    }

    [Fact]
    public async Task Publish_Bulk_HasAResultForEach()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);

        var results = await broker.PublishAsync([.. Enumerable.Range(0, 100).Select(i => Make.Event(i))], Make.Token);

        results.ShouldAllBe(one => one.Status == PublishStatus.Stored);
        (await broker.ReadAllAsync()).Select(Make.Text).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Publish_OverManySegments_IsReadBackInOrder()
    {
        using var folder = new TemporaryFolder();
        var events = Enumerable.Range(0, 60).Select(i => Make.Event(new string((char)('a' + (i % 26)), 40_000))).ToArray();
        await using (var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 256 << 10 }))
        {
            (await broker.PublishAsync(events, Make.Token)).ShouldAllBe(one => one.Accepted);
            folder.Segments.Count.ShouldBeGreaterThan(8);
            (await broker.ReadAllAsync()).Select(Make.Text).ShouldBe(events.Select(static one => System.Text.Encoding.UTF8.GetString(one.Data.Span)));
        }

        await using var again = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 256 << 10 });
        var stored = await again.ReadAllAsync();
        stored.Select(Make.Text).ShouldBe(events.Select(static one => System.Text.Encoding.UTF8.GetString(one.Data.Span)));
        stored.Select(static one => one.Offset).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public async Task Publish_TooLarge_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 256 << 10 });

        var result = await broker.PublishAsync(Make.Event(new string('x', 256 << 10)), Make.Token);

        result.Status.ShouldBe(PublishStatus.TooLarge);
        result.Problem!.ShouldContain("orders");
        await broker.StoreAsync(Make.Event("small"));
        var mixed = await broker.PublishAsync([Make.Event("a"), Make.Event(new string('x', 256 << 10)), Make.Event("b")], Make.Token);
        mixed.Select(static one => one.Status).ShouldBe([PublishStatus.Stored, PublishStatus.TooLarge, PublishStatus.Stored]);
    }

    [Fact]
    public async Task Publish_SameIdWithinWindow_IsADuplicateAlsoAfterReopening()
    {
        using var folder = new TemporaryFolder();
        var outgoing = Make.Event("a") with { Source = "s", Id = "1", Deduplication = TimeSpan.FromHours(1) };
        long offset;
        await using (var broker = await Make.BrokerAsync(folder))
        {
            offset = await broker.StoreAsync(outgoing);
            (await broker.PublishAsync(outgoing, Make.Token)).ShouldBe(new PublishResult(PublishStatus.Duplicate, offset));
            await broker.StoreAsync(outgoing with { Id = "2" });
            await broker.StoreAsync(outgoing with { Topic = "other" });
            await broker.StoreAsync(outgoing with { Source = "t" });
            await broker.StoreAsync(outgoing with { Deduplication = null });
        }

        await using var again = await Make.BrokerAsync(folder);
        (await again.PublishAsync(outgoing, Make.Token)).ShouldBe(new PublishResult(PublishStatus.Duplicate, offset));
        (await again.ReadAllAsync()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Publish_SameIdInOneRequest_IsStoredOnce()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var outgoing = Make.Event("a") with { Source = "s", Id = "1", Deduplication = TimeSpan.FromHours(1) };

        var results = await broker.PublishAsync([outgoing, outgoing], Make.Token);

        results.Select(static one => one.Status).ShouldBe([PublishStatus.Stored, PublishStatus.Duplicate]);
        results[1].Offset.ShouldBe(results[0].Offset);
    }

    [Fact]
    public async Task Publish_AfterClosing_SaysClosed()
    {
        using var folder = new TemporaryFolder();
        var broker = await Make.BrokerAsync(folder);
        await broker.DisposeAsync();

        (await broker.PublishAsync(Make.Event("a"), Make.Token)).Status.ShouldBe(PublishStatus.Closed);
    }
}
