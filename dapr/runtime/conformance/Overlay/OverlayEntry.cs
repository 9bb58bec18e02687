using System.Text.Json;

namespace HmsMesh.Conformance;

/// <summary>One difference that is meant: another result of a step, and why.</summary>
public sealed record OverlayEntry
{
    public required string Scenario { get; init; }

    public required int Step { get; init; }

    /// <summary>What the step gives instead of what is recorded.</summary>
    public required JsonElement Recorded { get; init; }

    public required string Reason { get; init; }
}
