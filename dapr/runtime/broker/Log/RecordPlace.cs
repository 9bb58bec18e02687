namespace HmsMesh.Broker.Log;

/// <summary>Where a record lies: in which segment, and at which byte.</summary>
internal readonly record struct RecordPlace(long Base, long Position);
