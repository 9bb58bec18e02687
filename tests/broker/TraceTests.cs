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
