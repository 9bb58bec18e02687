using System.Globalization;
using HmsMesh.Broker;
using HmsMesh.Broker.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>A broker at work on a folder until its power is cut: some sessions of publishing and handling, each open and closed, with
/// every change on disk recorded.</summary>
internal sealed class PowerLife(string folder, History history, Random random, string run, TimeProvider time)
{
    private const int Publishers = 6;

    /// <summary>The broker's options, the same for a whole chain of lives but for the retention.</summary>
    public static BrokerOptions Options(string folder, Random random, TimeProvider time) => new()
    {
        Path = folder,
        Time = time,
        SegmentSize = random.Next(2) == 0 ? 64 << 10 : 160 << 10,
        Retention = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromDays(7),
        MaxSize = random.Next(3) == 0 ? 1 << 20 : 1L << 30,
    };

    public async Task<DiskJournal> RunAsync(DiskImage start, CancellationToken cancellationToken)
    {
        var journal = new DiskJournal(folder, start);
        history.Clock = () => journal.Count;
        Disk.Witness = journal;
        try
        {
            var sessions = random.Next(1, 4);
            for (var session = 0; session < sessions; session++)
            {
                await SessionAsync(Options(folder, random, time), session, cancellationToken);
            }
        }
        finally
        {
            Disk.Witness = null;
        }

        return journal;
    }

    private async Task SessionAsync(BrokerOptions options, int session, CancellationToken cancellationToken)
    {
        await using (var broker = await EventBroker.OpenAsync(options, NullLogger.Instance, cancellationToken))
        {
            foreach (var consumer in PowerEvents.Consumers)
            {
                await broker.SubscribeAsync(consumer, new PowerHandler(consumer.Consumer, history), cancellationToken);
            }

            var unanswered = history.Unanswered();
            var events = random.Next(5, 60);
            var seeds = Enumerable.Range(0, Publishers).Select(_ => random.Next()).ToArray();
            await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => PublishAsync(
                broker, publisher, session, events, [.. unanswered.Where(one => one.Publisher == publisher)], new Random(seeds[publisher]), cancellationToken)));
        }

        history.Settle();
    }

    private async Task PublishAsync(
        IEventBroker broker, int publisher, int session, int events, List<Sent> again, Random own, CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var topic in again.GroupBy(static one => one.Topic))
        {
            await SendAsync(broker, [.. topic], cancellationToken);
        }

        for (var i = 0; i < events;)
        {
            var topic = own.Next(4) == 0 ? PowerEvents.Notes : PowerEvents.Orders;
            var batch = new List<Sent>();
            for (var left = own.Next(6) == 0 ? own.Next(2, 6) : 1; left > 0; left--)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{run}.{session}/{publisher}/{i++}");
                batch.Add(new Sent(topic, publisher, text, own.Next(20) == 0 ? own.Next(20_000) : own.Next(900)));
            }

            await SendAsync(broker, batch, cancellationToken);
        }
    }

    private async Task SendAsync(IEventBroker broker, List<Sent> batch, CancellationToken cancellationToken)
    {
        batch.ForEach(history.Note);
        var results = await broker.PublishAsync([.. batch.Select(PowerEvents.Outgoing)], cancellationToken);
        for (var i = 0; i < batch.Count; i++)
        {
            if (results[i].Accepted)
            {
                history.Note(new Acknowledged(batch[i].Topic, batch[i].Publisher, batch[i].Text, results[i].Offset));
            }
        }
    }
}
