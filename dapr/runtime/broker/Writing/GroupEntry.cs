using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>A record of the group that the next sync covers. An original of 0 or more: no record, but an answer that waits for
/// that sync, as the event with that offset is the same one.</summary>
internal readonly record struct GroupEntry(
    IRecordOwner Owner, int Index, long Offset, RecordKind Kind, byte[] Payload, Topic? Topic, UInt128? Digest, long DuplicateUntil, int Size, bool IsDuplicate);
