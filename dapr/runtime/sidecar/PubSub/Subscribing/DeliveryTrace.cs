using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>The trace of a delivery: a span below the event's, or a new trace where the event carries an empty one. An event that
/// carries none, and tracing that is off, have no traceparent.</summary>
internal sealed class DeliveryTrace(ConfigurationResource configuration)
{
    private readonly TraceSampler _sampler = new(configuration.SamplingRate);
    private readonly bool _enabled = IsEnabled(configuration);

    public string? Of(string? trace)
    {
        if (!_enabled || trace is null)
        {
            return null;
        }

        var span = TraceContext.TryParse(trace, out var parent)
            ? parent.NewSpan()
            : TraceContext.NewTrace(_sampler);
        return span.TraceParent;
    }

    /// <summary>A sampling rate of 0 in so many words turns tracing off; none leaves it on.</summary>
    private static bool IsEnabled(ConfigurationResource configuration) =>
        configuration.Tracing?.Text("samplingRate") is not { } text
        || !double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var rate)
        || rate > 0;
}
