namespace HmsMesh.Cli.Control;

/// <param name="Late">Handled, and changed nothing because newer ones were there.</param>
/// <param name="Twice">Came again after they had been handled, and changed nothing.</param>
internal sealed record EventCounts(long Handled, long Late, long Twice);
