using System.Buffers;
using System.Diagnostics;

namespace HmsMesh.Sidecar.Observability;

/// <summary>A W3C trace context: where a call stands in its trace.</summary>
internal readonly record struct TraceContext(ActivityTraceId TraceId, ActivitySpanId SpanId, bool Sampled)
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>00-trace-span-flags.</summary>
    public string TraceParent => $"00-{TraceId.ToHexString()}-{SpanId.ToHexString()}-{(Sampled ? "01" : "00")}";

    public static TraceContext NewTrace(bool sampled) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), sampled);

    public static TraceContext NewTrace(TraceSampler sampler) => NewTrace(sampler.Sample());

    /// <summary>A span below this one.</summary>
    public TraceContext NewSpan() => this with { SpanId = ActivitySpanId.CreateRandom() };

    public static bool TryParse(string? traceParent, out TraceContext context)
    {
        context = default;
        if (traceParent is null || traceParent.Length < 55 || traceParent[2] != '-' || traceParent[35] != '-' || traceParent[52] != '-'
            || (traceParent.Length > 55 && (traceParent[55] != '-' || traceParent.StartsWith("00", StringComparison.Ordinal)))
            || traceParent.StartsWith("ff", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var text = traceParent.AsSpan();
        var trace = text.Slice(3, 32);
        var span = text.Slice(36, 16);
        if (!IsHex(text[..2]) || !IsHex(trace) || !IsHex(span) || !IsHex(text.Slice(53, 2))
            || !trace.ContainsAnyExcept('0') || !span.ContainsAnyExcept('0'))
        {
            return false;
        }

        context = new(
            ActivityTraceId.CreateFromString(trace),
            ActivitySpanId.CreateFromString(span),
            (HexValue(text[54]) & 1) == 1);
        return true;
    }

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
