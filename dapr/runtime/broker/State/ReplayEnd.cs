namespace HmsMesh.Broker.State;

/// <summary>How the handler answered an event that was sent again: told in the log, so that whoever sent it can read it there.</summary>
internal readonly record struct ReplayEnd(long Offset, VerdictKind Kind);
