using System.Globalization;
using System.Text;
using HmsMesh.Broker;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>The events of the power cuts, and who hears them.</summary>
internal static class PowerEvents
{
    public const string PubSub = "pubsub";
    public const string Orders = "orders";

    /// <summary>Deduplicated by id: sent twice, it is there once.</summary>
    public const string Notes = "notes";

    public const string SharedGrave = "given.up";

    public const int Tries = 3;

    public static IReadOnlyList<SubscriptionOptions> Consumers { get; } =
    [
        Consumer("alpha", Orders),
        Consumer("beta", Orders) with { BatchSize = 8, DeadLetterTopic = SharedGrave },
        Consumer("gamma", Notes) with { DeadLetterTopic = SharedGrave, DeadLetterDropped = true },
    ];

    public static OutgoingEvent Outgoing(Sent sent) => new()
    {
        PubSub = PubSub,
        Topic = sent.Topic,
        Data = Encoding.ASCII.GetBytes(sent.Text + ' ' + new string('.', sent.Filling)),
        Key = Key(sent.Text),
        Source = "power",
        Id = sent.Text,
        Deduplication = sent.Topic == Notes ? TimeSpan.FromHours(1) : null,
    };

    public static string Text(StoredEvent stored)
    {
        var bytes = stored.Data.Span;
        var end = bytes.IndexOf((byte)' ');
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>The publisher.</summary>
    public static string Key(string text) => text.Split('/')[1];

    /// <summary>What a handler says: some events never succeed, some fail at first, some are dropped.</summary>
    public static Verdict Judge(string consumer, string text, int tries) => Kind(consumer, text) switch
    {
        7 => new Verdict(VerdictKind.Failed, Cause(consumer, text)),
        11 when tries == 1 => new Verdict(VerdictKind.Failed, "not yet"),
        13 when consumer == "gamma" => new Verdict(VerdictKind.Dropped, Cause(consumer, text)),
        _ => Verdict.Handled,
    };

    /// <summary>After how many tries it is dead; 0: never.</summary>
    public static int DeadAfter(string consumer, string text) => Kind(consumer, text) switch
    {
        7 => Tries,
        13 when consumer == "gamma" => 1,
        _ => 0,
    };

    public static string Cause(string consumer, string text) => $"{consumer} can't do {text}";

    private static int Kind(string consumer, string text) =>
        (int.Parse(text.AsSpan(text.LastIndexOf('/') + 1), CultureInfo.InvariantCulture) + consumer.Length) % 23;

    private static SubscriptionOptions Consumer(string name, string topic) => new()
    {
        PubSub = PubSub,
        Topic = topic,
        Consumer = name,
        StartFrom = StartFrom.Earliest,
        Retry = new TwoRetries(),
    };

    private sealed class TwoRetries : IRetrySchedule
    {
        public TimeSpan? DelayAfter(int tries) => tries < Tries ? TimeSpan.FromMilliseconds(1) : null;
    }
}
