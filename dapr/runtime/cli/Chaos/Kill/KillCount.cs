using System.Text;
using HmsMesh.Broker;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>Counts after everything has ended: the publishers' lists against the events of the log and against the handlers' files.</summary>
/// <param name="cut">The publishers were cut off: what a lane had sent last may be in the log without having been acknowledged.</param>
internal sealed class KillCount(KillPlan plan, bool cut)
{
    private const int MostWrong = 100;
    private readonly List<string> _wrong = [];

    public IReadOnlyList<string> Wrong => _wrong;

    public int Acknowledged { get; private set; }

    public int Found { get; private set; }

    public int Delivered { get; private set; }

    public int DeliveredOf { get; private set; }

    public int DeliveredAgain { get; private set; }

    public int DeadLetters { get; private set; }

    public int DeadLettersOf { get; private set; }

    public void Count(IReadOnlyList<StoredEvent> log)
    {
        var published = Published(plan);
        Acknowledged = published.Count;
        Log(published, log);
        foreach (var (app, topic, _) in KillPlan.Consumers)
        {
            var lines = Lines(plan, app);
            Handled(app, topic == KillPlan.Grave ? [.. published.Where(id => plan.IsBad(EventId.Number(id)))] : published, lines);
            Ordered(app, lines);
        }

        Dead(published, log);
    }

    /// <summary>What was acknowledged.</summary>
    public static List<string> Published(KillPlan plan) => [.. Directory.EnumerateFiles(plan.Published).SelectMany(KillPublisher.Read)];

    /// <summary>What the instances of an app wrote down, in order of time.</summary>
    public static List<(long Time, string Id, bool Done)> Lines(KillPlan plan, string app) =>
        [.. Directory.EnumerateFiles(plan.Handled, app + "-*").SelectMany(HandledFile.Read).OrderBy(static one => one.Time)];

    private void Log(List<string> published, IReadOnlyList<StoredEvent> log)
    {
        var found = log.Where(static one => one.DeadLetter is null).CountBy(static one => one.Id ?? "").ToDictionary(StringComparer.Ordinal);
        foreach (var id in published)
        {
            var times = found.GetValueOrDefault(id);
            Found += times > 0 ? 1 : 0;
            Expect(times > 0, $"lost: {id} was acknowledged and is not in the log");
            Expect(times < 2, $"twice: {id} is in the log {times} times, though it was sent with one id");
        }

        var known = published.ToHashSet(StringComparer.Ordinal);
        var acknowledged = published.CountBy(EventId.Lane).ToDictionary(StringComparer.Ordinal);
        foreach (var strange in found.Keys.Where(id => !known.Contains(id) && !(cut && EventId.Number(id) == acknowledged.GetValueOrDefault(EventId.Lane(id)))))
        {
            Expect(false, $"strange: {strange} is in the log and in no list");
        }
    }

    private void Handled(string app, List<string> owed, List<(long Time, string Id, bool Done)> lines)
    {
        var handed = lines.CountBy(static one => one.Id).ToDictionary(StringComparer.Ordinal);
        DeliveredOf += owed.Count;
        Delivered += owed.Count(handed.ContainsKey);
        DeliveredAgain += lines.Where(static one => one.Done).CountBy(static one => one.Id).Sum(static one => one.Value - 1);
        foreach (var id in owed.Where(id => !handed.ContainsKey(id)))
        {
            Expect(false, $"not delivered: {id} to {app}");
        }
    }

    /// <summary>What a key's events are handed for the first time in, is their order.</summary>
    private void Ordered(string app, List<(long Time, string Id, bool Done)> lines)
    {
        if (app == KillPlan.Consumers[^1].App)
        {
            // Dead letters of one key come from one consumer in its order too, but it has them from retries that end when they end.
            return;
        }

        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, id, _) in lines.Where(one => seen.Add(one.Id)))
        {
            var (lane, number) = (EventId.Lane(id), EventId.Number(id));
            Expect(last.GetValueOrDefault(lane, -1) < number, $"out of order: {app} got {id} after number {last.GetValueOrDefault(lane)}");
            last[lane] = number;
        }
    }

    private void Dead(List<string> published, IReadOnlyList<StoredEvent> log)
    {
        var letters = log.Where(static one => one.DeadLetter is not null).ToLookup(static one => one.Id ?? "", StringComparer.Ordinal);
        DeadLetters = letters.Sum(static one => one.Count());
        foreach (var id in published)
        {
            var isBad = plan.IsBad(EventId.Number(id));
            DeadLettersOf += isBad ? 1 : 0;
            var found = letters[id].ToList();
            Expect(found.Count == (isBad ? 1 : 0), $"dead letters: {id} has {found.Count}, {(isBad ? 1 : 0)} expected: {string.Join("; ", found.Select(static one => one.DeadLetter))}");
            foreach (var letter in found.Where(_ => isBad))
            {
                Expect(letter.DeadLetter is { Consumer: KillPlan.Failing, Cause.Length: > 0 }, $"dead letter without consumer or cause: {letter.DeadLetter}");
                Expect(Encoding.UTF8.GetString(letter.Data.Span).Contains(id, StringComparison.Ordinal), $"dead letter of {id} is another event");
            }
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds && _wrong.Count < MostWrong)
        {
            _wrong.Add(otherwise);
        }
    }
}
