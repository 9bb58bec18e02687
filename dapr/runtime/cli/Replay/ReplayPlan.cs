using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;

namespace HmsMesh.Cli.Replay;

/// <summary>What would be sent again, and to whom: found by reading the log, sending nothing.</summary>
internal sealed class ReplayPlan
{
    public const int Most = 1_000_000;
    private const string NoKey = "(no key)";
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);

    private ReplayPlan(string app, string pubSub) => (App, PubSub) = (app, pubSub);

    public string App { get; }

    public string PubSub { get; }

    /// <summary>The events' own topics: one, or for dead letters each that one of them was heard on.</summary>
    public SortedSet<string> Topics { get; } = new(StringComparer.Ordinal);

    /// <summary>Where they lie in the log.</summary>
    public List<long> Offsets { get; } = [];

    /// <summary>Dead letters of other apps.</summary>
    public int OfOthers { get; private set; }

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    /// <summary>The keys with the most events.</summary>
    public IReadOnlyDictionary<string, long> Keys => _keys.OrderByDescending(static one => one.Value).ThenBy(static one => one.Key, StringComparer.Ordinal)
        .Take(10).ToDictionary(static one => one.Key, static one => one.Value);

    public static ReplayPlan Make(LogView view, EventChoice choice, string app, string? pubSub, CancellationToken cancellationToken)
    {
        var subscribers = view.Subscribers();
        var own = subscribers.Where(one => one.Consumer == app && (pubSub is null || one.PubSub == pubSub)).ToList();
        if (own.Count == 0)
            throw new MeshException($"no app '{app}' hears anything{Suggestion.For(app, subscribers.Select(one => one.Consumer))}; 'mesh subscribers' shows who does.");
        var plan = new ReplayPlan(app, Component(own, choice.Topic, pubSub));
        foreach (var one in choice.Read(view, cancellationToken).Where(one => one.PubSub == plan.PubSub))
        {
            if (one.DeadLetter is { } dead && dead.Consumer != app)
                plan.OfOthers++;
            else
                plan.Add(one);
        }

        if (plan.Topics.FirstOrDefault(topic => !own.Any(one => one.Topic == topic && one.PubSub == plan.PubSub)) is { } unheard)
            throw new MeshException($"{app} does not hear {unheard}; {Hearers(subscribers, unheard)}.");
        return plan;
    }

    /// <summary>The one component that is meant: the one on which the app hears the topic, or died with it.</summary>
    private static string Component(List<SubscriberStatus> own, string topic, string? asked)
    {
        var named = own.Where(one => one.Topic == topic).Select(static one => one.PubSub).Distinct().ToList();
        var all = named.Count > 0 ? named : [.. own.Select(static one => one.PubSub).Distinct()];
        return all is [var only] ? only
            : asked ?? throw new MeshException($"{topic} is heard on several components ({string.Join(", ", all)}); name one with --pubsub.", ExitCode.Usage);
    }

    private static string Hearers(IReadOnlyList<SubscriberStatus> subscribers, string topic) =>
        subscribers.Where(one => one.Topic == topic).Select(static one => one.Consumer).ToList() is { Count: > 0 } apps
            ? $"who does: {string.Join(", ", apps)}"
            : "nobody does";

    private void Add(StoredEvent one)
    {
        if (Offsets.Count == Most)
            throw new MeshException($"more than {Most} events are asked for; send them in parts with --from, --until or --key.", ExitCode.Usage);
        Offsets.Add(one.Offset);
        Topics.Add(one.DeadLetter?.Topic ?? one.Topic);
        First ??= one.Time;
        Last = one.Time;
        var key = one.Key ?? NoKey;
        if (_keys.TryGetValue(key, out var count) || _keys.Count < 10_000)
            _keys[key] = count + 1;
    }
}
