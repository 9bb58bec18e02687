using System.Globalization;
using System.Text.RegularExpressions;
using HmsMesh.Broker.Tests.Host;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>What the kernel sees of a real process: its system calls, in order, with faults put in.</summary>
public partial class TraceTests
{
    [Fact]
    public async Task Acknowledgement_IsNeverWrittenBeforeTheSyncThatCoversIt()
    {
        var strace = Strace();
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace");
        await using var host = HostProcess.Start(
            Path.Combine(folder.Path, "broker"), 8, 40, "0", strace, "-f", "-o", trace, "-s", "65536", "-e", "trace=write,pwrite64,pwritev,fsync,fdatasync");
        (await host.EndAsync(Make.Token)).ShouldContain("E", host.Errors);

        // Records are found in what is written to the log by their text; a sync covers what was written before it began.
        HashSet<string> written = [], synced = [], syncing = [];
        var acknowledged = 0;
        foreach (var line in await File.ReadAllLinesAsync(trace, Make.Token))
        {
            if (Sync().IsMatch(line))
            {
                syncing = [.. written];
                if (!line.Contains("unfinished", StringComparison.Ordinal))
                {
                    synced.UnionWith(syncing);
                }
            }
            else if (SyncResumed().IsMatch(line))
            {
                synced.UnionWith(syncing);
            }
            else if (line.Contains("pwrite", StringComparison.Ordinal))
            {
                written.UnionWith(Events(line));
            }
            else if (Answer().Match(line) is { Success: true } answer)
            {
                acknowledged++;
                synced.ShouldContain(answer.Groups["event"].Value, line);
            }
        }

        acknowledged.ShouldBe(320);
    }

    [Fact]
    public async Task Sync_Failing_RefusesWhatItCoveredAndGoesOnInANewSegment()
    {
        var strace = Strace();
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace");
        var broker = Path.Combine(folder.Path, "broker");
        await using var host = HostProcess.Start(
            broker, -1, 60, "0", strace, "-f", "-o", trace, "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=20..40+20");
        var lines = await host.EndAsync(Make.Token);
        lines.ShouldContain("E", host.Errors);

        var refused = lines.Where(static line => line[0] == 'R').Select(static line => line.Split(' ')).ToList();
        refused.Count.ShouldBe(2);
        refused.ShouldAllBe(static fields => fields[2] == nameof(PublishStatus.Failed));
        Directory.GetFiles(broker, "*.log").Length.ShouldBe(3);
        await using var again = await EventBroker.OpenAsync(
            new BrokerOptions { Path = broker }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Make.Token);
        var acknowledged = lines.Where(static line => line[0] == 'A').Select(static line => line.Split(' ')[1..]).ToList();
        acknowledged.Count.ShouldBe(58);
        var stored = await again.ReadAllAsync();
        stored.Select(static one => new[] { one.Offset.ToString(CultureInfo.InvariantCulture), one.Text() }).ShouldBe(acknowledged);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Read_FailingForAWhile_IsTriedAgainAndNothingIsSkipped()
    {
        var strace = Strace();
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace");
        var path = Path.Combine(folder.Path, "broker");
        const int Waiting = 30;
        await using (var broker = await EventBroker.OpenAsync(
            new BrokerOptions { Path = path, SegmentSize = 64 << 10 }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Make.Token))
        {
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            var padding = new Dictionary<string, string>(StringComparer.Ordinal) { ["padding"] = new('x', 8000) };
            for (var i = 0; i < Waiting; i++)
            {
                await broker.StoreAsync(Make.Event($"waiting/0/{i * 30}", key: "one") with { Metadata = padding });
            }
        }

        // The first read of the oldest segment is of its header; the two after it are of records.
        var oldest = Directory.GetFiles(path, "*.log").Order(StringComparer.Ordinal).First();
        await using var host = HostProcess.Start(
            path, 1, 0, "0", strace, "-f", "-o", trace, "-P", oldest, "-e", "trace=pread64", "-e", "inject=pread64:error=EIO:when=2..3");
        var lines = await host.ReadUntilAsync(static line => line[0] == 'D' && line.Contains(" waiting/", StringComparison.Ordinal), Waiting, Make.Token);

        // Not strace, which would let go of it.
        var traced = await File.ReadAllTextAsync($"/proc/{host.Pid}/task/{host.Pid}/children", Make.Token);
        using (var child = System.Diagnostics.Process.GetProcessById(int.Parse(traced.Trim(), CultureInfo.InvariantCulture)))
        {
            child.Kill();
        }

        await host.EndAsync(Make.Token);
        lines.Where(static line => line.Contains(" waiting/", StringComparison.Ordinal)).Select(static line => line.Split('/')[^1])
            .ShouldBe(Enumerable.Range(0, Waiting).Select(static i => (i * 30).ToString(CultureInfo.InvariantCulture)));
        (await File.ReadAllLinesAsync(trace, Make.Token)).ShouldContain(static line => line.Contains("INJECTED", StringComparison.Ordinal));
    }

    private static string Strace()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(static one => Path.Combine(one, "strace")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "strace is not installed");
        return path;
    }

    /// <summary>The events in what was written to the log, by their text.</summary>
    private static IEnumerable<string> Events(string line) => Text().Matches(line).Select(static match => match.Value);

    [GeneratedRegex(@"0/\d+/\d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Text();

    [GeneratedRegex(@"\bf(data)?sync\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sync();

    [GeneratedRegex(@"<\.\.\. f(data)?sync resumed", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SyncResumed();

    [GeneratedRegex(@"write\(\d+, ""A \d+ (?<event>0/\d+/\d+)\\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Answer();
}
