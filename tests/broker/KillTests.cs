using System.Globalization;
using HmsMesh.Broker.Tests.Host;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>A real process with a broker under load is killed with -9, again and again; then everything is counted.</summary>
public class KillTests
{
    [Fact]
    public Task Kill_ThreeTimesUnderLoad_LosesNothing() => KillAndCountAsync(kills: 3, acknowledged: 400);

    [Fact]
    [Trait("Category", "Slow")]
    public Task Kill_ThirtyTimesUnderLoad_LosesNothing() => KillAndCountAsync(kills: 30, acknowledged: 700);

    private static async Task KillAndCountAsync(int kills, int acknowledged)
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        for (var run = 0; run < kills; run++)
        {
            await using var host = HostProcess.Start(folder.Path, LoadHost.Keys, 0, $"{run}");
            lines.AddRange(await host.ReadUntilAsync(static line => line[0] == 'A', acknowledged + (run * 7), Make.Token));
            lines.AddRange(await host.KillAsync(Make.Token));
        }

        await using var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 1 << 20 });
        var rest = new List<(long Offset, string Text)>();
        var handler = new Recorder((delivery, _) =>
        {
            lock (rest)
            {
                rest.Add((delivery.Event.Offset, delivery.Event.Text()));
            }

            return ValueTask.FromResult(LoadHost.IsBad(delivery.Event.Text()) ? new Verdict(VerdictKind.Failed, "bad") : Verdict.Handled);
        });
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription() with { Retry = new Fixed(TimeSpan.FromMilliseconds(1), 2) }, handler, Make.Token);
        await Wait.UntilAsync(() => broker.Subscribers()[0].Lag == 0);

        var all = await broker.ReadAllAsync();
        var stored = all.Where(static one => one.Topic == "orders").ToDictionary(static one => one.Offset, Make.Text);
        var told = lines.Where(static line => line[0] == 'A').Select(static line => line.Split(' ')).ToList();
        told.Count.ShouldBeGreaterThan(kills * acknowledged);
        told.Where(fields => !stored.TryGetValue(Offset(fields), out var text) || text != fields[2]).ShouldBeEmpty("acknowledged and not found");

        var delivered = lines.Where(static line => line[0] == 'D').Select(static line => line.Split(' '))
            .Select(static fields => (Offset: Offset(fields), Text: fields[3])).Concat(rest).ToList();
        stored.Keys.Except(delivered.Select(static one => one.Offset)).ShouldBeEmpty("stored and never delivered");
        delivered.Where(one => stored[one.Offset] != one.Text).ShouldBeEmpty("delivered as something else");

        var first = new Dictionary<string, long>(StringComparer.Ordinal);
        var seen = new HashSet<long>();
        foreach (var (offset, text) in delivered.Where(one => seen.Add(one.Offset)))
        {
            var key = text.Split('/')[1];
            first.GetValueOrDefault(key).ShouldBeLessThan(offset, $"events of key {key} first came in another order");
            first[key] = offset;
        }

        var letters = all.Where(static one => one.Topic == "app.dead").Select(static one => one.DeadLetter!.Offset).ToList();
        letters.ShouldBeUnique();
        letters.Order().ShouldBe(stored.Where(static one => LoadHost.IsBad(one.Value)).Select(static one => one.Key).Order());
    }

    private static long Offset(string[] fields) => long.Parse(fields[1], CultureInfo.InvariantCulture);
}
