namespace HmsMesh.Broker;

/// <summary>Why an event is dead, kept beside the unchanged original.</summary>
/// <param name="Consumer">The app that gave it up.</param>
/// <param name="Topic">The topic it was heard on.</param>
/// <param name="Offset">The original's offset.</param>
/// <param name="Cause">The last failure, without payload.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="TraceParent">The first try's trace.</param>
public sealed record DeadLetter(string Consumer, string Topic, long Offset, string Cause, int Tries, string? TraceParent);
