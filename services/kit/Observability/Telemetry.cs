using System.Diagnostics;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>The kit's spans, by OpenTelemetry's messaging names.</summary>
internal static class Telemetry
{
    public const string SourceName = "HmsMesh.Kit";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A span for handling an event: below the request that brought it, or below what the envelope says.</summary>
    public static Activity? StartHandling(string topic, CloudEvent cloudEvent)
    {
        var parent = Activity.Current?.Context ?? Parent(cloudEvent);
        return Source.HasListeners() ? Tag(Source.StartActivity($"process {topic}", ActivityKind.Consumer, parent), "process", topic, cloudEvent.Id) : null;
    }

    /// <summary>A span for sending one. It is made even where nobody listens: the HTTP client takes the trace from it.</summary>
    public static Activity? StartSending(string topic, string id, string? traceParent, string? traceState)
    {
        var span = Source.HasListeners() ? Source.StartActivity($"publish {topic}", ActivityKind.Producer, Context(traceParent, traceState)) : null;
        if (span is null && traceParent is not null)
        {
            var carrier = new Activity("publish").SetParentId(traceParent);
            carrier.TraceStateString = traceState;
            return carrier.Start();
        }

        return Tag(span, "publish", topic, id);
    }

    private static ActivityContext Parent(CloudEvent cloudEvent) => Context(cloudEvent.TraceParent, cloudEvent.TraceState);

    private static ActivityContext Context(string? traceParent, string? traceState) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var context) ? context : default;

    private static Activity? Tag(Activity? span, string operation, string topic, string id) => span?
        .SetTag("messaging.system", "dapr")
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.destination.name", topic)
        .SetTag("messaging.message.id", id);
}
