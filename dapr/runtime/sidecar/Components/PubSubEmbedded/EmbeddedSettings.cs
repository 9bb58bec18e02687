using HmsMesh.Broker;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Components.PubSubEmbedded;

/// <summary>The metadata of pubsub.embedded, read and checked.</summary>
internal sealed record EmbeddedSettings(
    BrokerOptions Broker, string Consumer, StartFrom StartFrom, TimeSpan Lease, TimeSpan? Deduplication, Redelivery Redelivery)
{
    private const string DefaultFolder = "broker";
    private const int DefaultDeliveries = 10;
    private const int MostDeliveries = 1_000_000;
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(24);

    public static IReadOnlyList<string> Names { get; } =
    [
        "path", "maxDeliveries", "backoff", "maxBackoff", "lease", "deduplication", "retention", "maxSize", "startFrom", "contracts",
    ];

    public static EmbeddedSettings Read(ComponentContext context)
    {
        var metadata = new ComponentMetadata(context.Resource);
        var backoff = Positive(metadata, "backoff", TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(24));
        return new(
            new()
            {
                Path = Path.GetFullPath(metadata.Text("path") ?? Path.Combine(context.Options.DataPath, DefaultFolder)),
                Retention = Positive(metadata, "retention", TimeSpan.FromDays(7), TimeSpan.FromDays(36_500)),
                MaxSize = metadata.Quantity("maxSize", 10L << 30) is > 0 and var size ? size : throw metadata.Fault("maxSize", "must be above zero"),
                Time = context.Services.Time,
            },
            metadata.Text("consumerID") ?? context.Options.AppId,
            metadata.Text("startFrom")?.ToUpperInvariant() switch
            {
                null or "NOW" => StartFrom.Now,
                "EARLIEST" => StartFrom.Earliest,
                _ => throw metadata.Fault("startFrom", "must be now or earliest"),
            },
            Positive(metadata, "lease", TimeSpan.FromSeconds(30), LongestLease),
            Window(metadata),
            new(
                (int)(metadata.Whole("maxDeliveries", DefaultDeliveries) is > 0 and <= MostDeliveries and var deliveries
                    ? deliveries
                    : throw metadata.Fault("maxDeliveries", $"must be between 1 and {MostDeliveries}")),
                backoff,
                Positive(metadata, "maxBackoff", TimeSpan.FromSeconds(30), TimeSpan.FromHours(24)) is var most && most < backoff ? backoff : most));
    }

    private static TimeSpan? Window(ComponentMetadata metadata) =>
        metadata.Text("deduplication") is not { } text || text.Equals("off", StringComparison.OrdinalIgnoreCase)
            ? null
            : Duration(metadata, "deduplication", TimeSpan.Zero) is var window && window > TimeSpan.Zero ? window : null;

    private static TimeSpan Positive(ComponentMetadata metadata, string name, TimeSpan otherwise, TimeSpan most) =>
        Duration(metadata, name, otherwise) is var read && read > TimeSpan.Zero && read <= most
            ? read
            : throw metadata.Fault(name, $"must be above zero and at most {GoDuration.Text(most)}");

    /// <summary>A duration; days, which Go's form has no unit for, too.</summary>
    private static TimeSpan Duration(ComponentMetadata metadata, string name, TimeSpan otherwise) =>
        metadata.Text(name) is { } text && text.EndsWith('d') && int.TryParse(text[..^1], out var days)
            ? TimeSpan.FromDays(days)
            : metadata.Duration(name, otherwise);
}
