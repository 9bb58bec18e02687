using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>The heap is the process's: nothing else of it may run meanwhile.</summary>
[Collection(Alone.Name)]
public class MemoryTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Backlog_OfAMillion_IsNotHeldInMemory()
    {
        // Tests before this one kill brokers by letting go of them, and the process still holds those.
        var others = Memory();
        using var folder = new TemporaryFolder();
        await using var broker = await Make.BrokerAsync(folder);
        await broker.RegisterAsync(Make.Subscription(), Make.Token);
        var payload = new string('x', 100);
        for (var i = 0; i < 200; i++)
        {
            await broker.PublishAsync([.. Enumerable.Range(0, 5000).Select(j => Make.Event(payload, $"k{j % 100}"))], Make.Token);
        }

        var before = Memory();
        (before - others).ShouldBeLessThan(60 << 20);
        var handled = 0;
        var recorder = new Counter(() => Interlocked.Increment(ref handled));
        await using var subscription = await broker.SubscribeAsync(Make.Subscription(), recorder, Make.Token);
        await Wait.UntilAsync(() => Volatile.Read(ref handled) > 20_000);
        (Memory() - before).ShouldBeLessThan(60 << 20);
    }

    private static long Memory()
    {
#pragma warning disable S1215 // What is left after a collection is what the test is about.
        GC.Collect();
#pragma warning restore S1215
        return GC.GetGCMemoryInfo().HeapSizeBytes;
    }
}
