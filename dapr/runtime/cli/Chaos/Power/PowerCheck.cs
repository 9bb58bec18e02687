using System.Globalization;
using HmsMesh.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>Opens a folder after a cut, lets everything be handled, and counts from what publishers and handlers know.</summary>
internal sealed class PowerCheck(BrokerOptions options, History history, PowerCounts counts, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<string> _faults = [];
    private int _before;

    /// <summary>What is wrong; empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        _before = history.AllHanded().Count;
        var settled = history.Settled();
        try
        {
            await using var broker = await EventBroker.OpenAsync(options, NullLogger.Instance, cancellationToken);
            var kept = await ReadAsync(broker, cancellationToken);
            Found(kept, FirstKept());
            foreach (var consumer in PowerEvents.Consumers)
            {
                await broker.SubscribeAsync(consumer, new PowerHandler(consumer.Consumer, history), cancellationToken);
            }

            if (!await IsDrainedAsync(broker, cancellationToken))
            {
                return _faults;
            }

            Delivered(kept);
            Ordered();
            Again(settled);
            Buried(await ReadAsync(broker, cancellationToken), kept);
        }
        catch (BrokerException refused)
        {
            _faults.Add($"the folder is not opened: {refused.Message}");
            counts.Lost++;
        }

        history.Settle();
        counts.Cuts++;
        return _faults;
    }

    private static async Task<List<StoredEvent>> ReadAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        var all = new List<StoredEvent>();
        await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
        {
            all.Add(one);
        }

        return all;
    }

    private static bool IsSource(StoredEvent stored) => stored.Topic is PowerEvents.Orders or PowerEvents.Notes;

    private long FirstKept() => Directory.EnumerateFiles(options.Path, "*.log")
        .Min(static path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture));

    private void Found(List<StoredEvent> kept, long first)
    {
        var byOffset = kept.ToDictionary(static one => one.Offset);
        var handed = history.AllHanded().ToLookup(static one => one.Offset);
        foreach (var one in history.AllAcknowledged())
        {
            counts.Acknowledged++;
            if (byOffset.TryGetValue(one.Offset, out var stored) && stored.Topic == one.Topic && PowerEvents.Text(stored) == one.Text)
            {
                counts.Found++;
            }
            else if (one.Offset < first
                && PowerEvents.Consumers.Where(consumer => consumer.Topic == one.Topic).All(consumer => handed[one.Offset].Any(h => h.Consumer == consumer.Consumer)))
            {
                counts.Trimmed++;
            }
            else
            {
                counts.Lost++;
                _faults.Add($"lost: {one.Topic} {one.Text}, acknowledged as {one.Offset}; the log begins at {first}");
            }
        }

        foreach (var seen in history.AllHanded().Where(one => one.Offset >= first))
        {
            if (!byOffset.TryGetValue(seen.Offset, out var stored) || PowerEvents.Text(stored) != seen.Text)
            {
                _faults.Add($"gone: {seen.Consumer} was handed {seen.Text} as {seen.Offset}, and it is not there");
            }
        }

        foreach (var twice in kept.Where(static one => one.Topic == PowerEvents.Notes).GroupBy(static one => one.Id).Where(static one => one.Count() > 1))
        {
            _faults.Add($"twice: note {twice.Key} is there {twice.Count()} times, though deduplicated");
        }
    }

    private async Task<bool> IsDrainedAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((await broker.StatusAsync(cancellationToken)).Subscribers.Where(static one => one.Lag > 0).ToList() is { Count: > 0 } lagging)
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                _faults.Add($"stuck: {string.Join("; ", lagging)}");
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }

        return true;
    }

    private void Delivered(List<StoredEvent> kept)
    {
        var handed = history.AllHanded().Select(static one => (one.Consumer, one.Offset)).ToHashSet();
        foreach (var consumer in PowerEvents.Consumers)
        {
            foreach (var one in kept.Where(one => one.Topic == consumer.Topic))
            {
                if (handed.Contains((consumer.Consumer, one.Offset)))
                {
                    counts.Delivered++;
                }
                else
                {
                    _faults.Add($"not delivered: {one.Offset} {PowerEvents.Text(one)} to {consumer.Consumer}");
                }
            }
        }
    }

    /// <summary>By consumer and key, what is handed over for the first time comes in the log's order.</summary>
    private void Ordered()
    {
        var last = new Dictionary<(string Consumer, string Key, bool IsNote), long>();
        var seen = new HashSet<(string, long)>();
        foreach (var one in history.AllHanded().Where(one => seen.Add((one.Consumer, one.Offset))))
        {
            var line = (one.Consumer, one.Key, false);
            if (last.TryGetValue(line, out var before) && before > one.Offset)
            {
                _faults.Add($"out of order: {one.Consumer} got {one.Offset} of key {one.Key} after {before}");
            }

            last[line] = one.Offset;
        }
    }

    private void Again(HashSet<(string Consumer, long Offset)> settled)
    {
        counts.ProgressKept += settled.Count;
        foreach (var one in history.AllHanded().Skip(_before).Where(one => settled.Contains((one.Consumer, one.Offset))))
        {
            _faults.Add($"progress lost: {one.Consumer} got {one.Offset} again, which it had handled before an orderly close");
        }
    }

    private void Buried(List<StoredEvent> after, List<StoredEvent> before)
    {
        var sources = before.Where(IsSource).ToDictionary(static one => one.Offset);
        var handed = history.AllHanded().CountBy(static one => (one.Consumer, one.Offset)).ToDictionary();
        var letters = after.Where(static one => one.DeadLetter is not null).ToLookup(static one => (one.DeadLetter!.Consumer, one.DeadLetter.Offset));
        foreach (var consumer in PowerEvents.Consumers)
        {
            foreach (var source in sources.Values.Where(one => one.Topic == consumer.Topic))
            {
                var text = PowerEvents.Text(source);
                var tries = PowerEvents.DeadAfter(consumer.Consumer, text);
                var found = letters[(consumer.Consumer, source.Offset)].ToList();
                counts.DeadLetters += found.Count;
                if (found.Count != (tries > 0 ? 1 : 0))
                {
                    _faults.Add($"dead letters: {consumer.Consumer} has {found.Count} of {source.Offset} {text}");
                }
                else if (tries > 0 && (found[0].DeadLetter!.Cause != PowerEvents.Cause(consumer.Consumer, text)
                    || found[0].DeadLetter!.Tries < tries || found[0].DeadLetter!.Tries > handed.GetValueOrDefault((consumer.Consumer, source.Offset))
                    || !found[0].Data.Span.SequenceEqual(source.Data.Span)))
                {
                    _faults.Add($"dead letter: {consumer.Consumer}'s of {text} is not as it should be: {found[0].DeadLetter}");
                }
            }
        }
    }
}
