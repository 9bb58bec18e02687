using HmsMesh.Broker.Tests.Support;
using HmsMesh.Broker.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests.Model;

/// <summary>
/// The broker beside what must be true of it: every accepted event is in the log, byte for byte, until retention lets go of it;
/// retention never passes what is owed; each consumer gets all that was said since it was known, first in order by key, and nothing from
/// before; what it gives up is dead once; in the end nobody lags. A kill is a copy of the folder at that moment, which goes on.
/// </summary>
internal sealed class ModelRun : IAsyncDisposable
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);
    private static readonly string[] Topics = ["orders", "bills"];
    private readonly List<TemporaryFolder> _folders = [new()];
    private readonly ShiftedTime _time = new(TimeSpan.Zero);
    private readonly ModelConsumer[] _consumers = [new("x", "orders"), new("y", "orders"), new("z", "bills")];
    private readonly SortedDictionary<long, string> _accepted = [];
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private LogBroker _broker;
    private int _number;

    public ModelRun() => _broker = Open();

    private string Folder => _folders[^1].Path;

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            await RunAsync(step);
        }

        await SettleAsync();
        await ReopenAsync();
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folders.ForEach(static one => one.Dispose());
    }

    private async Task RunAsync(Step step)
    {
        var consumer = _consumers[step.A % _consumers.Length];
        switch (step.Kind)
        {
            case StepKind.Publish:
                await PublishAsync(Topics[step.A % 2], (Fate)(step.B % 5 is var fate && fate > 3 ? 0 : fate), step);
                break;
            case StepKind.PublishAgain:
                await PublishAgainAsync(step);
                break;
            case StepKind.Replay:
                await ReplayAsync(consumer, step);
                break;
            case StepKind.Subscribe:
                await SubscribeAsync(consumer);
                break;
            case StepKind.Unsubscribe when consumer.Subscription is { } subscription:
                consumer.Subscription = null;
                await subscription.DisposeAsync();
                break;
            case StepKind.Pause when consumer.Subscription is { } subscription:
                consumer.IsPaused = true;
                subscription.Pause();
                break;
            case StepKind.Resume when consumer.Subscription is { } subscription:
                consumer.IsPaused = false;
                subscription.Resume();
                break;
            case StepKind.Forget when consumer is { IsKnown: true, Subscription: null }:
                (await _broker.ForgetAsync(consumer.Name, Make.Token)).ShouldBe(1);
                consumer.Forget();
                break;
            case StepKind.Trim:
                await TrimAsync();
                break;
            case StepKind.Reopen:
                await ReopenAsync();
                break;
            case StepKind.Kill:
                await KillAsync();
                break;
            case StepKind.Settle:
                await SettleAsync();
                break;
        }
    }

    private async Task PublishAsync(string topic, Fate fate, Step step)
    {
        var id = $"id-{_number++}";
        var text = $"{fate} new {id} {new string('x', step.B * 397 % 9000)}";
        var offset = await _broker.StoreAsync(Event(topic, text, id, step.B % 4 == 0 ? null : $"key-{step.B % 4}"));
        offset.ShouldBeGreaterThan(_accepted.Keys.LastOrDefault());
        (_accepted[offset], _ids[id]) = (text, offset);
        foreach (var consumer in _consumers.Where(one => one.IsKnown && one.Topic == topic))
        {
            Owe(consumer, offset, fate);
        }
    }

    /// <summary>The same id once more: kept once, as long as its first is there.</summary>
    private async Task PublishAgainAsync(Step step)
    {
        if (_ids.Count == 0)
        {
            return;
        }

        var id = $"id-{step.B % _number}";
        var original = _ids[id];
        if (original < _broker.Core.Files.Segments[0].Base || !_accepted.ContainsKey(original))
        {
            return;
        }

        var topic = (await _broker.ReadAllAsync()).Single(one => one.Offset == original).Topic;
        var result = await _broker.PublishAsync(Event(topic, "again", id, null), Make.Token);
        (result.Status, result.Offset).ShouldBe((PublishStatus.Duplicate, original));
    }

    private async Task ReplayAsync(ModelConsumer consumer, Step step)
    {
        var sent = Event(consumer.Topic, $"{(Fate)(step.B % 4)} again {new string('y', step.B % 3000)}", $"id-{step.B % 7}", $"key-{step.B % 4}") with { To = consumer.Name };
        var result = await _broker.PublishAsync(sent, Make.Token);
        result.Status.ShouldBe(consumer.IsKnown ? PublishStatus.Stored : PublishStatus.Failed, result.Problem);
        if (consumer.IsKnown)
        {
            Owe(consumer, result.Offset, (Fate)(step.B % 4));
        }
    }

    private static void Owe(ModelConsumer consumer, long offset, Fate fate)
    {
        lock (consumer.Owed)
        {
            consumer.Owed[offset] = fate;
        }

        if (fate == Fate.GivenUp)
        {
            consumer.Dying.Add(offset);
        }
    }

    private async Task SubscribeAsync(ModelConsumer consumer)
    {
        if (consumer.Subscription is null)
        {
            consumer.Subscription = await _broker.SubscribeAsync(consumer.Options, consumer.Handler(), Make.Token);
            (consumer.IsKnown, consumer.IsPaused) = (true, false);
        }
    }

    private async Task TrimAsync()
    {
        _time.Shift += Retention * 2;
        var trim = new TrimRequest();
        _broker.Core.Queue.TryAdd(trim).ShouldBeNull();
        await trim.Done;

        // Handlers answer meanwhile: what is owed now was owed then.
        DropTrimmed().ShouldBeLessThanOrEqualTo(_consumers.Min(static one => one.OldestOwed), "retention passed what is owed");
    }

    /// <summary>Retention runs by itself, too, at each new segment. Returns the first offset that is kept.</summary>
    private long DropTrimmed()
    {
        var first = _broker.Core.Files.Segments[0].Base;
        foreach (var gone in _accepted.Keys.Where(offset => offset < first).ToList())
        {
            _accepted.Remove(gone);
        }

        return first;
    }

    private async Task ReopenAsync()
    {
        await _broker.DisposeAsync();
        _broker = Open();
        await AttachAsync();
    }

    private async Task KillAsync()
    {
        var copy = new TemporaryFolder();
        CopyNow(Folder, copy.Path);
        await _broker.DisposeAsync();
        _folders.Add(copy);
        _broker = Open();
        await AttachAsync();
    }

    private async Task AttachAsync()
    {
        foreach (var consumer in _consumers.Where(static one => one.Subscription is not null))
        {
            consumer.Subscription = await _broker.SubscribeAsync(consumer.Options, consumer.Handler(), Make.Token);
            if (consumer.IsPaused)
            {
                consumer.Subscription.Pause();
            }
        }
    }

    private async Task SettleAsync()
    {
        foreach (var consumer in _consumers)
        {
            await SubscribeAsync(consumer);
            consumer.IsPaused = false;
            consumer.Subscription!.Resume();
        }

        await Wait.UntilAsync(() => _broker.Subscribers().All(static one => one.Lag == 0));
        foreach (var consumer in _consumers)
        {
            consumer.Faults.ShouldBeEmpty();
            consumer.NeverDelivered.ShouldBeEmpty($"owed to {consumer.Name} and never delivered");
        }

        await CheckLogAsync();
    }

    private async Task CheckLogAsync()
    {
        var all = await _broker.ReadAllAsync();
        var found = all.Where(static one => one.DeadLetter is null).ToDictionary(static one => one.Offset, Make.Text);
        var first = DropTrimmed();
        found.Keys.Order().ToList().ShouldBe(_accepted.Keys.ToList(), "the log holds other events than were accepted");
        found.ShouldAllBe(one => _accepted[one.Key] == one.Value);
        var dead = all.Where(static one => one.DeadLetter is not null).Select(static one => (one.DeadLetter!.Consumer, one.DeadLetter.Offset)).ToList();
        dead.ShouldBeUnique();
        foreach (var consumer in _consumers)
        {
            // The dead letter is younger than its source: where retention let go of the one, the other may be there or not.
            consumer.Dying.Where(offset => offset >= first && !dead.Contains((consumer.Name, offset))).ShouldBeEmpty($"given up by {consumer.Name} and not dead");
        }

        dead.Where(one => one.Offset >= first && !_consumers.Single(consumer => consumer.Name == one.Consumer).Dying.Contains(one.Offset)
            && _consumers.Single(consumer => consumer.Name == one.Consumer).Owed.ContainsKey(one.Offset)).ShouldBeEmpty("dead, and not given up");
    }

    private LogBroker Open() => LogBroker.Open(
        new BrokerOptions { Path = Folder, SegmentSize = 64 << 10, Retention = Retention, Time = _time }, Folder, NullLogger.Instance);

    /// <summary>What a kill would leave: the side file first, as the log may be further than it and never behind it.</summary>
    private static void CopyNow(string from, string to)
    {
        while (true)
        {
            File.Copy(Path.Combine(from, "acknowledged"), Path.Combine(to, "acknowledged"), overwrite: true);
            try
            {
                foreach (var path in Directory.GetFiles(from, "*.log").Order(StringComparer.Ordinal))
                {
                    File.Copy(path, Path.Combine(to, Path.GetFileName(path)), overwrite: true);
                }

                return;
            }
            catch (FileNotFoundException)
            {
                // Retention was quicker; once more, from the beginning.
                Array.ForEach(Directory.GetFiles(to), File.Delete);
            }
        }
    }

    private static OutgoingEvent Event(string topic, string text, string id, string? key) =>
        Make.Event(text, key, topic) with { Id = id, Source = "model", Deduplication = TimeSpan.FromDays(10_000) };
}
