using System.Diagnostics;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>Loose bounds that a slow, busy machine keeps; the figures go to the test's output.</summary>
[Trait("Category", "Slow")]
public class SpeedTests
{
    [Fact]
    public async Task Publish_SixteenPublishers_ShareTheirSyncs()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var payload = Make.Event(new string('x', 300), "key");
        var until = Stopwatch.GetTimestamp() + (3 * Stopwatch.Frequency);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            var count = 0;
            while (Stopwatch.GetTimestamp() < until)
            {
                await broker.StoreAsync(payload);
                count++;
            }

            return count;
        }));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        TestContext.Current.SendDiagnosticMessage(
            "{0:N0} durable publishes/s, {1:N0} us CPU each", counts.Sum() / 3.0, cpu.TotalMicroseconds / counts.Sum());
        counts.Sum().ShouldBeGreaterThan(1500);
    }

    [Fact]
    public async Task Publish_ToHandler_IsQuick()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        var handled = new long[300];
        var recorder = new Recorder((delivery, _) =>
        {
            handled[int.Parse(delivery.Event.Text(), System.Globalization.CultureInfo.InvariantCulture)] = Stopwatch.GetTimestamp();
            return ValueTask.FromResult(Verdict.Handled);
        });
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        var (synced, delivered) = (new List<double>(), new List<double>());
        for (var i = 0; i < handled.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await broker.StoreAsync(Make.Event(i));
            synced.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await recorder.NextAsync();
            delivered.Add(Stopwatch.GetElapsedTime(start, handled[i]).TotalMilliseconds);
        }

        synced.Sort();
        delivered.Sort();
        TestContext.Current.SendDiagnosticMessage("accepted after {0:0.00} ms, handled after {1:0.00} ms (median)", synced[150], delivered[150]);
        TestContext.Current.SendDiagnosticMessage("accepted after {0:0.00} ms, handled after {1:0.00} ms (99th percentile)", synced[297], delivered[297]);
        (delivered[150] - synced[150]).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Deliver_Backlog_IsQuick()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        for (var i = 0; i < 20; i++)
        {
            await broker.PublishAsync([.. Enumerable.Range(0, 5000).Select(static j => Make.Event(j, $"k{j % 500}"))], Make.Token);
        }

        var handled = 0;
        var start = Stopwatch.GetTimestamp();
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription(), new Counter(() => Interlocked.Increment(ref handled)), Make.Token);
        await Wait.UntilAsync(() => Volatile.Read(ref handled) == 100_000);
        var rate = 100_000 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage("{0:N0} deliveries/s from a backlog", rate);
        rate.ShouldBeGreaterThan(5000);
    }
}
