using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>Shorthand for what every test needs.</summary>
internal static class Make
{
    public const string PubSub = "pubsub";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<IEventBroker> BrokerAsync(TemporaryFolder folder, Func<BrokerOptions, BrokerOptions>? change = null)
    {
        var options = new BrokerOptions { Path = folder.Path };
        return await EventBroker.OpenAsync(change?.Invoke(options) ?? options, NullLogger.Instance, Token);
    }

    public static OutgoingEvent Event(string text, string? key = null, string topic = "orders") =>
        new() { PubSub = PubSub, Topic = topic, Data = Encoding.UTF8.GetBytes(text), Key = key };

    public static OutgoingEvent Event(int number, string? key = null, string topic = "orders") =>
        Event(number.ToString(CultureInfo.InvariantCulture), key, topic);

    public static SubscriptionOptions Subscription(string consumer = "app", string topic = "orders") =>
        new() { PubSub = PubSub, Topic = topic, Consumer = consumer, Retry = new Fixed(TimeSpan.FromMilliseconds(20), 3) };

    public static string Text(this StoredEvent stored) => Encoding.UTF8.GetString(stored.Data.Span);

    public static async Task<long> StoreAsync(this IEventBroker broker, OutgoingEvent outgoing)
    {
        var result = await broker.PublishAsync(outgoing, Token);
        result.Status.ShouldBe(PublishStatus.Stored, result.Problem);
        return result.Offset;
    }

    /// <summary>How each consumer stands; a broker of this process answers at once.</summary>
    public static IReadOnlyList<SubscriberStatus> Subscribers(this IEventBroker broker) => broker.StatusAsync(Token).AsTask().GetAwaiter().GetResult().Subscribers;

    public static async Task<List<StoredEvent>> ReadAllAsync(this IEventBroker broker, string? topic = null)
    {
        var all = new List<StoredEvent>();
        await foreach (var one in broker.ReadAsync(0, follow: false, Token))
        {
            if (topic is null || one.Topic == topic)
            {
                all.Add(one);
            }
        }

        return all;
    }
}
