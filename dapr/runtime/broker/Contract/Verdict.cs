namespace HmsMesh.Broker;

/// <summary>What a handler says of one event.</summary>
/// <param name="Kind">What to do with it.</param>
/// <param name="Cause">Why it failed or was dropped, for the dead letter; no payload.</param>
/// <param name="TraceParent">The delivery's trace.</param>
public readonly record struct Verdict(VerdictKind Kind, string? Cause = null, string? TraceParent = null)
{
    /// <summary>Whether <see cref="RetryAfter"/> counts: its subscription's schedule was asked where the event was handled.</summary>
    internal bool Scheduled { get; init; }

    /// <summary>When to try again; null: give up.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    public static Verdict Handled { get; } = new(VerdictKind.Handled);
}
