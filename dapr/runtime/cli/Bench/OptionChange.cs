namespace HmsMesh.Cli.Bench;

/// <summary>What the page was told.</summary>
/// <param name="CanApply">Whether one can apply now.</param>
/// <param name="Received">The clock's timestamp when it came.</param>
internal sealed record OptionChange(bool CanApply, long Received);
