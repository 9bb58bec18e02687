namespace HmsMesh.Broker;

/// <summary>What a handler says of one event.</summary>
/// <param name="Kind">What to do with it.</param>
/// <param name="Cause">Why it failed or was dropped, for the dead letter; no payload.</param>
/// <param name="TraceParent">The delivery's trace.</param>
public readonly record struct Verdict(VerdictKind Kind, string? Cause = null, string? TraceParent = null)
{
    public static Verdict Handled { get; } = new(VerdictKind.Handled);
}
