using System.Globalization;
using HmsMesh.Broker;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.PubSub.Contracts;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>The errors of publishing, as daprd words and details them.</summary>
internal static class PublishFaults
{
    public const string Contract = "ERR_PUBSUB_CONTRACT";
    public const string PublishMessage = "ERR_PUBSUB_PUBLISH_MESSAGE";

    public static ApiFault NotFound(string pubSub, IReadOnlyDictionary<string, string> metadata) =>
        new(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {pubSub} is not found") { Reason = "DAPR_PUBSUB_NOT_FOUND", Metadata = metadata };

    public static ApiFault Forbidden(string pubSub, string topic, string appId)
    {
        var message = $"topic {topic} is not allowed for app id {appId}";
        return OfTopic(403, "ERR_PUBSUB_FORBIDDEN", message, "DAPR_PUBSUB_FORBIDDEN", pubSub, topic, message);
    }

    public static ApiFault Failed(string pubSub, string topic, string problem, int status = 500) =>
        OfTopic(status, PublishMessage, $"error when publishing to topic {topic} in pubsub {pubSub}: {problem}", "DAPR_PUBSUB_PUBLISH_MESSAGE", pubSub, topic, problem);

    public static ApiFault BadMetadata(string pubSub, string problem, IReadOnlyDictionary<string, string> metadata) =>
        new(400, "ERR_PUBSUB_REQUEST_METADATA", $"failed deserializing metadata. Error: {problem}")
        {
            Reason = "DAPR_PUBSUB_METADATA_DESERIALIZATION",
            Metadata = metadata,
            Resource = ("pubsub", pubSub),
        };

    /// <summary>The event breaks its topic's contract, at a JSON pointer into its data; nothing of it is stored.</summary>
    public static ApiFault BreaksContract(string pubSub, string topic, ContractBreach breach) =>
        new(breach.Unreadable ? 500 : 422, Contract, $"the event breaks the contract of topic {topic} in pubsub {pubSub}: {breach.Message}")
        {
            Reason = "DAPR_PUBSUB_CONTRACT",
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["pointer"] = breach.Pointer, ["topic"] = topic },
            Resource = ("pubsub", pubSub),
            FieldViolation = (breach.Pointer, breach.Message),
        };

    public static ApiFault NoCloudEvent(string pubSub, string appId, string problem) =>
        OfApp(500, "ERR_PUBSUB_CLOUD_EVENTS_SER", "cannot create cloudevent", "DAPR_PUBSUB_CLOUD_EVENT_CREATION", pubSub, appId, problem);

    public static ApiFault NoEntries(string pubSub, string topic, string appId, string problem) =>
        OfApp(400, "ERR_PUBSUB_EVENTS_SER", $"error when unmarshaling the request for topic {topic} pubsub {pubSub}: {problem}",
            "DAPR_PUBSUB_UNMARSHAL_EVENTS", pubSub, appId, null);

    public static ApiFault BadEntry(string pubSub, string topic, string appId, string problem) =>
        OfApp(400, "ERR_PUBSUB_EVENTS_SER", $"error when marshalling cloud event envelope for topic {topic} pubsub {pubSub}: {problem}",
            "DAPR_PUBSUB_MARSHAL_ENVELOPE", pubSub, appId, problem);

    public static ApiFault BadEntryId(string pubSub, string topic, string appId)
    {
        const string Problem = "entryId is duplicated or not present for entry";
        return OfApp(400, "ERR_PUBSUB_EVENTS_SER", $"error marshaling events to bytes for topic {topic} pubsub {pubSub}. error: {Problem}",
            "DAPR_PUBSUB_MARSHAL_EVENTS", pubSub, appId, Problem);
    }

    /// <summary>The status of a publish that the broker didn't accept: too large (413), full (507), closing or out of reach (503), or failed (500).</summary>
    public static int Status(PublishStatus status) => status switch
    {
        PublishStatus.TooLarge => 413,
        PublishStatus.Full or PublishStatus.DiskFull => 507,
        PublishStatus.Closed or PublishStatus.Unavailable => 503,
        _ => 500,
    };

    public static string Problem(in PublishResult result) =>
        result.Problem ?? string.Create(CultureInfo.InvariantCulture, $"the broker did not accept the event ({result.Status})");

    private static ApiFault OfTopic(int status, string code, string message, string reason, string pubSub, string topic, string problem) =>
        new(status, code, message)
        {
            Reason = reason,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = problem, ["topic"] = topic },
            Resource = ("pubsub", pubSub),
        };

    private static ApiFault OfApp(int status, string code, string message, string reason, string pubSub, string appId, string? problem)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["appID"] = appId };
        if (problem is not null)
        {
            metadata["error"] = problem;
        }

        return new(status, code, message) { Reason = reason, Metadata = metadata, Resource = ("pubsub", pubSub) };
    }
}
