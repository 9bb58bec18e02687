namespace HmsMesh.Broker.State;

/// <summary>A closed segment as a snapshot lists it.</summary>
internal readonly record struct SegmentInfo(long Base, long EndOffset, long EndPosition, long Closed, long DuplicateUntil);
