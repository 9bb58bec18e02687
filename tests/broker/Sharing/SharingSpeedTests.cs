using System.Globalization;
using HmsMesh.Broker.Tests.Host;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>Sixteen processes publish at once; then their writer is killed every second. The figures go to the test's output: this code
/// is compiled as it runs, beside other tests. <c>mesh bench --only share</c> measures.</summary>
[Trait("Category", "Slow")]
public class SharingSpeedTests
{
    private const int Processes = 16;

    /// <summary>Milliseconds after which a publish is refused because nobody writes.</summary>
    private const double Unavailable = 10_000;

    /// <summary>What a loaded machine stays far below, and a process that waits out a pause does not.</summary>
    private const double Stall = 1_000;

    [Fact]
    public async Task Publish_FromSixteenProcesses_IsQuickAndSurvivesItsWriters()
    {
        using var folder = new TemporaryFolder();
        var hosts = new List<HostProcess>();
        var lines = new List<string>();
        try
        {
            for (var i = 0; i < Processes; i++)
            {
                hosts.Add(HostProcess.Share(folder.Path, $"{i}", "publish=1", "pause=20"));
            }

            foreach (var host in hosts)
            {
                lines.AddRange(await host.ReadUntilAsync(static line => line[0] == 'A', 20, Make.Token));
            }

            var steady = new List<string>();
            foreach (var host in hosts)
            {
                steady.AddRange(await host.ReadUntilAsync(static line => line[0] == 'A', 150, Make.Token));
            }

            lines.AddRange(steady);
            var times = Times(steady);
            TestContext.Current.SendDiagnosticMessage(
                "{0} processes: {1} publishes, 50th percentile {2:0.0} ms, 99th {3:0.0} ms", Processes, times.Count, times[times.Count / 2], times[times.Count * 99 / 100]);

            var gaps = new List<double>();
            for (var kill = 0; kill < 8; kill++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Make.Token);
                var writer = HostProcess.Writer(folder.Path);
                var at = hosts.FindIndex(one => one.Pid == writer);
                var dead = hosts[at];
                hosts.RemoveAt(at);
                lines.AddRange(await dead.KillAsync(Make.Token));
                await dead.DisposeAsync();
                var after = new List<string>();
                foreach (var host in hosts)
                {
                    after.AddRange(await host.ReadUntilAsync(static line => line[0] is 'A', 20, Make.Token));
                }

                lines.AddRange(after);
                gaps.Add(Times(after)[^1]);
            }

            foreach (var host in hosts)
            {
                lines.AddRange(await host.CloseAsync(Make.Token));
            }

            TestContext.Current.SendDiagnosticMessage(
                "slowest publish of all processes around each takeover: {0} ms", string.Join(", ", gaps.Select(static one => one.ToString("0", CultureInfo.InvariantCulture))));
            await CountAsync(folder, lines);
            gaps.ShouldAllBe(static one => one < Unavailable);
            gaps.Order().ElementAt(gaps.Count / 2).ShouldBeLessThan(Stall);
            times[times.Count * 99 / 100].ShouldBeLessThan(Stall);
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    /// <summary>The segment that the next writer reads is nearly full, and each event in it counts for deduplication.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(400)]
    public async Task Takeover_OfALongLog_IsQuick(int megabytes)
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder))
        {
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            for (var i = 0; i < megabytes * 4; i++)
            {
                var batch = Enumerable.Range(0, 500).Select(one => Make.Event(new string('x', 350), $"k{one}") with
                {
                    Id = $"{i}/{one}",
                    Source = "gov.hms.claims",
                    Deduplication = TimeSpan.FromHours(24),
                    Publisher = "claims",
                });
                await broker.PublishAsync([.. batch], Make.Token);
            }
        }

        var gaps = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            await using var writer = HostProcess.Share(folder.Path, $"w{run}");
            await writer.ReadUntilAsync(static line => line[0] == 'O', 1, Make.Token);
            await using var client = HostProcess.Share(folder.Path, $"c{run}", "publish=1", "pause=5");
            await client.ReadUntilAsync(static line => line[0] == 'A', 50, Make.Token);
            await writer.KillAsync(Make.Token);
            gaps.Add(Times(await client.ReadUntilAsync(static line => line[0] == 'A', 50, Make.Token))[^1]);
            await client.CloseAsync(Make.Token);
        }

        TestContext.Current.SendDiagnosticMessage(
            "takeover of {0} MB: slowest publish {1} ms", megabytes, string.Join(", ", gaps.Select(static one => one.ToString("0", CultureInfo.InvariantCulture))));
        gaps.ShouldAllBe(static one => one < Unavailable);
    }

    private static List<double> Times(IEnumerable<string> lines) =>
        [.. lines.Where(static line => line[0] == 'A').Select(static line => long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1000.0).Order()];

    private static async Task CountAsync(TemporaryFolder folder, List<string> lines)
    {
        await using var broker = await Make.BrokerAsync(folder);
        var stored = (await broker.ReadAllAsync()).Select(Make.Text).ToList();
        var told = lines.Where(static line => line[0] == 'A').Select(static line => line.Split(' ')[3]).ToList();
        lines.Where(static line => line[0] == 'R').ShouldBeEmpty("a publish was refused");
        told.ShouldBeUnique();
        told.Except(stored, StringComparer.Ordinal).ShouldBeEmpty("acknowledged and not found");
        TestContext.Current.SendDiagnosticMessage("{0} acknowledged, {1} stored, {2} of them twice", told.Count, stored.Count, stored.Count - stored.Distinct(StringComparer.Ordinal).Count());
    }
}
