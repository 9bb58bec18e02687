using System.Globalization;
using System.Text;
using HmsMesh.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>Fills the disk under a broker, again and again: publishes are refused by name, handlers' answers are kept, and it goes on when
/// there is room.</summary>
internal sealed class FullDiskRun(SmallDisk disk, Random random, TimeProvider time, DiskReport report)
{
    public const int Size = 6 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, string> _acknowledged = [];
    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _next;
    private int _again;

    public async Task RunAsync(int times, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < times && report.Wrong.Count == 0; turn++)
        {
            _again = 0;
            await using (var broker = await OpenAsync(cancellationToken))
            {
                var waiting = new TaskCompletionSource();
                try
                {
                    await broker.SubscribeAsync(Consumer, new Handler(this, waiting.Task), cancellationToken);
                    await FillAsync(broker, cancellationToken);
                    report.TimesFull++;
                    var before = HandledCount();
                    waiting.SetResult();
                    await DrainedAsync(broker, cancellationToken);
                    report.HandledWhileFull += HandledCount() - before;
                    disk.GiveBack();
                    await GoesOnAsync(broker, cancellationToken);
                    await DrainedAsync(broker, cancellationToken);
                }
                finally
                {
                    // Cut off by Ctrl-C, it closes as it would by itself: with room, and no handler that waits.
                    waiting.TrySetResult();
                    disk.GiveBack();
                }
            }

            await CountAsync(cancellationToken);
        }
    }

    private static SubscriptionOptions Consumer => new()
    {
        PubSub = "pubsub",
        Topic = "orders",
        Consumer = "app",
        StartFrom = StartFrom.Earliest,
        Retry = new Never(),
    };

    private ValueTask<IEventBroker> OpenAsync(CancellationToken cancellationToken) => EventBroker.OpenAsync(
        new BrokerOptions { Path = Path.Combine(disk.Folder, "broker"), SegmentSize = 256 << 10, Retention = TimeSpan.FromMilliseconds(1), Time = time },
        NullLogger.Instance, cancellationToken);

    private int HandledCount()
    {
        lock (_gate)
        {
            return _handled.Count;
        }
    }

    private OutgoingEvent Next() => new()
    {
        PubSub = "pubsub",
        Topic = "orders",
        Id = string.Create(CultureInfo.InvariantCulture, $"{_next++}"),
        Data = Encoding.ASCII.GetBytes(new string('.', random.Next(10, 30_000))),
    };

    /// <summary>Publishes until the disk is full, and on for a while: each refusal says so.</summary>
    private async Task FillAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        disk.Take(random.Next(Size / 4, Size / 2));
        var began = time.GetTimestamp();
        for (var refused = 0; refused < 20;)
        {
            var outgoing = Next();
            var result = await broker.PublishAsync(outgoing, cancellationToken);
            if (result.Accepted)
            {
                _acknowledged[result.Offset] = outgoing.Id!;
                report.Acknowledged++;
                if (time.GetElapsedTime(began) > Patience)
                {
                    report.Wrong.Add($"the disk never became full: {report.Acknowledged} events accepted");
                    return;
                }

                continue;
            }

            refused++;
            report.Refused++;
            if (result.Status != PublishStatus.DiskFull || result.Problem?.Contains("disk", StringComparison.OrdinalIgnoreCase) != true)
            {
                report.Wrong.Add($"a full disk is told as {result.Status}: {result.Problem}");
                return;
            }
        }
    }

    private async Task GoesOnAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var outgoing = Next();
            var result = await broker.PublishAsync(outgoing, cancellationToken);
            if (result.Accepted)
            {
                _acknowledged[result.Offset] = outgoing.Id!;
                report.Acknowledged++;
                return;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                report.Wrong.Add($"with room again, publishes are still refused: {result.Problem}");
                return;
            }
        }
    }

    private async Task DrainedAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((await broker.StatusAsync(cancellationToken)).Subscribers.FirstOrDefault(static one => one.Lag > 0) is { } lagging)
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                report.Wrong.Add($"handlers' answers don't count on a full disk: {lagging}");
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), time, cancellationToken);
        }
    }

    /// <summary>Opened anew: what was acknowledged is there or was handled and is past retention, and nothing handled comes again.</summary>
    private async Task CountAsync(CancellationToken cancellationToken)
    {
        _again = 0;
        await using var broker = await OpenAsync(cancellationToken);
        var there = new Dictionary<long, string>();
        await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
        {
            there[one.Offset] = one.Id ?? "";
        }

        report.Found = 0;
        foreach (var (offset, id) in _acknowledged)
        {
            var isFound = there.TryGetValue(offset, out var known) ? known == id : _handled.Contains(id);
            report.Found += isFound ? 1 : 0;
            if (!isFound)
            {
                report.Wrong.Add($"lost: event {id}, acknowledged as {offset}");
            }
        }

        await broker.SubscribeAsync(Consumer, new Handler(this, Task.CompletedTask), cancellationToken);
        await DrainedAsync(broker, cancellationToken);
        if (_again > 0)
        {
            report.Wrong.Add($"{_again} events that were handled on a full disk came again after an orderly close");
        }
    }

    private sealed class Never : IRetrySchedule
    {
        public TimeSpan? DelayAfter(int tries) => null;
    }

    private sealed class Handler(FullDiskRun run, Task waiting) : IDeliveryHandler
    {
        public async ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
        {
            await waiting.WaitAsync(cancellationToken);
            lock (run._gate)
            {
                foreach (var one in deliveries)
                {
                    run._again += run._handled.Add(one.Event.Id!) ? 0 : 1;
                }
            }

            return [.. deliveries.Select(static _ => Verdict.Handled)];
        }
    }
}
