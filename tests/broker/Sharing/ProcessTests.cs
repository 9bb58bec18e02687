using System.Globalization;
using HmsMesh.Broker.Tests.Host;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>Real processes on one folder, killed with -9, stopped and closed.</summary>
public class ProcessTests
{
    private const int Stop = 19;
    private const int Continue = 18;

    [Fact]
    public Task Kill_OfWritersAndInstances_LosesNothingAndKeepsOrder() => KillAsync(kills: 3, TimeSpan.FromMilliseconds(400));

    [Fact]
    [Trait("Category", "Slow")]
    public Task Kill_OfManyWritersAndInstances_LosesNothingAndKeepsOrder() => KillAsync(kills: 20, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Stop_OfAnInstance_MovesItsEventsWhenTheirLeaseEnds()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var instance = HostProcess.Share(folder.Path, "a", "subscribe=1", "work=200", "lease=1000", "concurrency=4");
        await instance.ReadUntilAsync(static line => line[0] == 'O', 1, Make.Token);
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        await writer.StoreAsync(Make.Event("first"));
        await instance.ReadUntilAsync(static line => line[0] == 'D', 1, Make.Token);

        instance.Signal(Stop);
        var recorder = new Recorder();
        await using var second = await writer.SubscribeAsync(Make.Subscription() with { Lease = TimeSpan.FromSeconds(1) }, recorder, Make.Token);
        var moved = await recorder.NextAsync();

        (moved.Event.Text(), moved.Try).ShouldBe(("first", 2));
        instance.Signal(Continue);
        await Wait.UntilAsync(() => writer.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        recorder.Rest().ShouldBeEmpty();
        await instance.CloseAsync(Make.Token);
    }

    [Fact]
    public async Task Kill_OfAnInstance_MovesItsEventsAtOnceAndSpendsNoTry()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var instance = HostProcess.Share(folder.Path, "a", "subscribe=1", "work=60000", "lease=600000");
        await instance.ReadUntilAsync(static line => line[0] == 'O', 1, Make.Token);
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        await writer.StoreAsync(Make.Event("one", "key"));
        await instance.ReadUntilAsync(static line => line[0] == 'D', 1, Make.Token);
        var recorder = new Recorder();
        await using var second = await writer.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        await instance.KillAsync(Make.Token);

        (await recorder.NextAsync()).Try.ShouldBe(1);
    }

    [Fact]
    public async Task Kill_OfTheWriter_LeavesWhatIsUnderWayWhereItIs()
    {
        using var folder = new TemporaryFolder();
        await using var writer = HostProcess.Share(folder.Path, "w");
        await writer.ReadUntilAsync(static line => line[0] == 'O', 1, Make.Token);
        await using var client = await Make.BrokerAsync(folder);
        var (entered, release) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var recorder = new Recorder(async (delivery, cancel) =>
        {
            entered.Release();
            if (delivery.Event.Text() == "slow")
            {
                await release.WaitAsync(cancel);
            }

            return Verdict.Handled;
        });
        await using var subscription = await client.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await client.StoreAsync(Make.Event("slow", "key"));
        await client.StoreAsync(Make.Event("behind", "key"));
        await entered.WaitAsync(Make.Patience, Make.Token);

        await writer.KillAsync(Make.Token);
        await client.StoreAsync(Make.Event("quick", "other"));
        await entered.WaitAsync(Make.Patience, Make.Token);
        recorder.Rest().Select(static one => one.Event.Text()).ShouldBe(["slow", "quick"]);
        release.Release();

        (await recorder.NextAsync()).Event.Text().ShouldBe("behind");
        await Wait.UntilAsync(() => client.Subscribers()[0] is { Lag: 0, InFlight: 0 });
        recorder.Rest().ShouldBeEmpty();
    }

    /// <summary>Three instances of one consumer, which publish too. The writer is killed, and others, and each comes back.</summary>
    private static async Task KillAsync(int kills, TimeSpan every)
    {
        using var folder = new TemporaryFolder();
        var (lines, hosts) = (new List<string>(), new List<HostProcess>());
        HostProcess Start(int number) => HostProcess.Share(
            folder.Path, $"{number}", "subscribe=1", "publish=6", "pause=2", $"segment={256 << 10}", "concurrency=8", "work=1");
        try
        {
            for (var i = 0; i < 3; i++)
            {
                hosts.Add(Start(i));
                await hosts[i].ReadUntilAsync(static line => line[0] == 'O', 1, Make.Token);
            }

            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(every, TimeProvider.System, Make.Token);

                // Two in three are the writer, as soon as one of the living is it.
                var at = kill % 3 == 2 ? 0 : -1;
                await Wait.UntilAsync(() => at >= 0 || (at = hosts.FindIndex(one => one.Pid == HostProcess.Writer(folder.Path))) >= 0);
                lines.AddRange(await hosts[at].KillAsync(Make.Token));
                await hosts[at].DisposeAsync();
                hosts.RemoveAt(at);
                hosts.Add(Start(3 + kill));
            }

            lines.AddRange(await hosts[^1].ReadUntilAsync(static line => line[0] == 'A', 20, Make.Token));
            foreach (var host in hosts)
            {
                lines.AddRange(await host.CloseAsync(Make.Token));
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }

        await CountAsync(folder, lines, kills);
    }

    private static async Task CountAsync(TemporaryFolder folder, List<string> lines, int kills)
    {
        await using var broker = await Make.BrokerAsync(folder);
        var rest = new Recorder();
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), rest, Make.Token);
        await Wait.UntilAsync(() => broker.Subscribers()[0] is { Lag: 0, InFlight: 0 });

        lines.Where(static line => line[0] == 'R').ShouldBeEmpty("a publish was refused");
        var stored = (await broker.ReadAllAsync("orders")).ToDictionary(static one => one.Offset, Make.Text);
        var told = lines.Where(static line => line[0] == 'A').Select(static line => line.Split(' ')).ToList();
        told.Count.ShouldBeGreaterThan(100);
        told.Where(fields => !stored.TryGetValue(Offset(fields), out var text) || text != fields[3]).ShouldBeEmpty("acknowledged and not found");
        var twice = stored.Values.GroupBy(static one => one).Count(static one => one.Count() > 1);
        var slowest = told.Max(static fields => long.Parse(fields[2], CultureInfo.InvariantCulture)) / 1000;

        var deliveries = lines.Where(static line => line[0] == 'D').Select(static line => line.Split(' '))
            .Select(static fields => (Offset: Offset(fields), Try: fields[2], At: long.Parse(fields[3], CultureInfo.InvariantCulture)))
            .Concat(rest.Rest().Select(static one => (one.Event.Offset, Try: $"{one.Try}", At: long.MaxValue))).ToList();
        deliveries.ShouldAllBe(static one => one.Try == "1", "a death spent a try");
        stored.Keys.Except(deliveries.Select(static one => one.Offset)).ShouldBeEmpty("stored and never delivered");
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (offset, _, _) in deliveries.OrderBy(static one => one.At).DistinctBy(static one => one.Offset))
        {
            var key = stored[offset][..stored[offset].LastIndexOf('/')];
            last.GetValueOrDefault(key).ShouldBeLessThan(offset, $"events of key {key} first came in another order");
            last[key] = offset;
        }

        TestContext.Current.SendDiagnosticMessage(
            "{0} kills: {1} acknowledged, {2} stored twice, {3} delivered again, slowest publish {4} ms",
            kills, told.Count, twice, deliveries.Count - stored.Count, slowest);
    }

    private static long Offset(string[] fields) => long.Parse(fields[1], CultureInfo.InvariantCulture);
}
