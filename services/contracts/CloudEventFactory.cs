using System.Text.Json;
using System.Text.RegularExpressions;

namespace HmsMesh.Contracts;

/// <summary>Builds the envelope that services and `mesh publish` send.</summary>
public static partial class CloudEventFactory
{
    public const string PubsubName = "pubsub";

    /// <summary>A new event: an id of its own, the subject by the contract's x-subject, type by <see cref="TypeOf"/>. The payload must have passed
    /// the contract's check.</summary>
    /// <param name="contract">The contract of the topic.</param>
    /// <param name="data">The payload.</param>
    /// <param name="source">The app id that says it.</param>
    /// <param name="now">The time that it tells of.</param>
    /// <param name="sequence">Greater than that of the subject's last event; without a store of these, the time in Unix microseconds.</param>
    public static CloudEvent Create(Contract contract, JsonElement data, string source, DateTimeOffset now, long? sequence = null)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        var id = Guid.CreateVersion7(now).ToString();
        return new CloudEvent
        {
            Id = id,
            Source = source,
            Type = TypeOf(contract.Topic),
            Subject = contract.SubjectOf(data),
            Time = now,
            DataContentType = "application/json",
            Topic = contract.Topic,
            PubsubName = PubsubName,
            CorrelationId = id,
            Sequence = HmsMesh.Contracts.Sequence.Format(sequence ?? HmsMesh.Contracts.Sequence.Micros(now)),
            Data = data,
        };
    }

    /// <summary>gov.hms.TOPIC.v1; a topic that names a later version itself, such as claim.approved.v2, is not versioned twice.</summary>
    public static string TypeOf(string topic)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        return NamesVersion().IsMatch(topic) ? $"gov.hms.{topic}" : $"gov.hms.{topic}.v1";
    }

    [GeneratedRegex(@"\.v[1-9][0-9]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamesVersion();
}
