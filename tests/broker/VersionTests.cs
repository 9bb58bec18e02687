using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>A folder that an older version wrote, as it lies in data/: consumers, retries, dead letters, rolled segments, ids.</summary>
public class VersionTests
{
    [Fact]
    public async Task Open_FolderOfVersionOne_HasEverythingAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        Unpack("version-1.tar.gz", folder.Path);
        folder.Segments.Count.ShouldBe(4);
        var year = new ShiftedTime(TimeSpan.FromDays(400));
        await using (var broker = await OpenAsync(folder, year))
        {
            var orders = await broker.ReadAllAsync("orders");
            orders.Select(static one => one.Id).ShouldBe(Enumerable.Range(0, 60).Select(static i => $"id-{i}"));
            orders.ShouldAllBe(static one => one.ContentType == "text/plain" && one.Publisher == "maker" && one.Metadata["rawPayload"] == "true");
            (await broker.ReadAllAsync("bills")).ShouldHaveSingleItem().Text().ShouldBe("other");
            var letters = await broker.ReadAllAsync("app.dead");
            letters.Select(static one => one.Id).ShouldBe(["id-13", "id-33", "id-53"]);
            letters.ShouldAllBe(static one => one.DeadLetter!.Cause == "never" && one.DeadLetter.Tries == 1 && one.DeadLetter.TraceParent!.StartsWith("00-1af"));
            broker.Subscribers().Single(static one => one.Consumer == "late").Lag.ShouldBe(60);
            broker.Subscribers().Single(static one => one.Consumer == "app").ShouldSatisfyAllConditions(
                static one => one.Lag.ShouldBe(3), static one => one.Retrying.ShouldBe(3), static one => one.Dead.ShouldBe(3));
            var known = Make.Event("again") with { Id = "id-0", Source = "maker", Deduplication = TimeSpan.FromDays(36_500) };
            (await broker.PublishAsync(known, Make.Token)).Status.ShouldBe(PublishStatus.Duplicate);

            var (app, late) = (new Recorder(), new Recorder());
            await using var one = await broker.SubscribeAsync(Make.Subscription("app"), app, Make.Token);
            await using var two = await broker.SubscribeAsync(Make.Subscription("late"), late, Make.Token);
            (await app.NextAsync(3)).OrderBy(static one => one.Event.Offset).Select(static one => (one.Event.Id, one.Try))
                .ShouldBe([("id-7", 2), ("id-27", 2), ("id-47", 2)]);
            await late.NextAsync(60);
            await Wait.UntilAsync(() => broker.Subscribers().All(static one => one.Lag == 0));
            await broker.StoreAsync(Make.Event("new"));
            (await app.NextAsync()).Event.Text().ShouldBe("new");
        }

        await using var again = await OpenAsync(folder, year);
        (await again.ReadAllAsync("orders"))[^1].Text().ShouldBe("new");
        again.Subscribers().Single(static one => one.Consumer == "app").Dead.ShouldBe(3);
    }

    private static async Task<IEventBroker> OpenAsync(TemporaryFolder folder, TimeProvider time) => await Make.BrokerAsync(
        folder, one => one with { Retention = TimeSpan.FromDays(36_500), SegmentSize = 64 << 10, Time = time });

    private static void Unpack(string name, string folder)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var unzipped = new GZipStream(resource, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unzipped, folder, overwriteFiles: true);
    }
}
