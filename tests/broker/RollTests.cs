using HmsMesh.Broker.Native;
using HmsMesh.Broker.Tests.Support;
using HmsMesh.Broker.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests;

/// <summary>A kill and a power cut at every step of the way from one segment to the next, and of letting go of old ones.</summary>
[Collection(Witnessed.Name)]
public class RollTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Category", "Slow")]
    public async Task Cut_AtEveryStepOfARollAndATrim_LosesNothing(bool trims)
    {
        using var folder = new TemporaryFolder();
        var time = new ShiftedTime(TimeSpan.Zero);
        var acknowledged = new List<long>();
        var witness = new CutWitness(folder.Path, () => acknowledged.Count);
        Disk.Witness = witness;
        await using (var broker = Open(folder.Path, time))
        {
            await broker.RegisterAsync(Make.Subscription("late"), Make.Token);
            var handler = new Recorder();
            await using var subscription = await broker.SubscribeAsync(Make.Subscription("app"), handler, Make.Token);
            while (folder.Segments.Count < 3)
            {
                acknowledged.Add(await broker.StoreAsync(Event(acknowledged.Count)));
            }

            await Wait.UntilAsync(() => broker.Subscribers().Single(static one => one.Consumer == "app").Lag == 0);
            if (trims)
            {
                (await broker.ForgetAsync("late", Make.Token)).ShouldBe(1);
                time.Shift = Retention * 2;
            }

            witness.Armed = true;
            try
            {
                var segments = folder.Segments[^1];
                for (var more = 4; folder.Segments[^1] == segments || more > 0; more -= folder.Segments[^1] == segments ? 0 : 1)
                {
                    acknowledged.Add(await broker.StoreAsync(Event(acknowledged.Count)));
                }

                if (trims)
                {
                    time.Shift = Retention * 4;
                    var trim = new TrimRequest();
                    broker.Core.Queue.TryAdd(trim).ShouldBeNull();
                    await trim.Done;
                }
            }
            finally
            {
                Disk.Witness = null;
            }
        }

        witness.Cuts.ShouldContain(static one => one.Step.StartsWith("move to", StringComparison.Ordinal));
        witness.Cuts.Any(static one => one.Step.StartsWith("delete ", StringComparison.Ordinal)).ShouldBe(trims);
        foreach (var (step, count, power, files) in witness.Cuts.Where(static one => one.Files.ContainsKey("acknowledged")))
        {
            await CheckAsync($"{(power ? "power" : "kill")} before: {step}", acknowledged.Take(count).ToList(), files, trims);
        }
    }

    private static async Task CheckAsync(string where, List<long> acknowledged, Dictionary<string, byte[]> files, bool trims)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, name), bytes, Make.Token);
        }

        LogBroker broker;
        try
        {
            broker = Open(folder.Path, TimeProvider.System);
        }
        catch (BrokerException e)
        {
            throw new InvalidOperationException($"{where}: {e.Message}", e);
        }

        await using (broker)
        {
            var found = (await broker.ReadAllAsync("orders")).ToDictionary(static one => one.Offset, Make.Text);
            var first = broker.Core.Files.Segments[0].Base;
            for (var i = 0; i < acknowledged.Count; i++)
            {
                if (acknowledged[i] >= first || !trims)
                {
                    found.ShouldContainKey(acknowledged[i], where);
                    found[acknowledged[i]].ShouldStartWith($"{i} ", Case.Sensitive, where);
                }
            }

            var late = broker.Subscribers().SingleOrDefault(static one => one.Consumer == "late");
            (late is null).ShouldBe(trims, where);
            (late?.Lag ?? found.Count).ShouldBe(found.Count, where);
            broker.Subscribers().Single(static one => one.Consumer == "app").Lag.ShouldBeInRange(0, found.Count, where);
            (await broker.StoreAsync(Make.Event("after"))).ShouldBeGreaterThan(acknowledged[^1], where);
        }

        await using var again = Open(folder.Path, TimeProvider.System);
        (await again.ReadAllAsync("orders"))[^1].Text().ShouldBe("after", where);
    }

    private static OutgoingEvent Event(int number) => Make.Event($"{number} {new string('x', 3000)}", $"key-{number % 3}");

    private static LogBroker Open(string folder, TimeProvider time) => LogBroker.Open(
        new BrokerOptions { Path = folder, SegmentSize = 64 << 10, Retention = Retention, Time = time }, folder, NullLogger.Instance);
}
