using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>What consumers did, on its way to the log, and who is told once it is there. Only the writer's thread uses it.</summary>
internal sealed class ProgressWriter(LogWriter writer) : IRecordOwner
{
    private readonly Queue<byte[]> _carried = new();
    private readonly List<(ConsumerGroup Group, long Settles)> _told = [];

    /// <summary>Whether something found no room: nothing that is published may come before it.</summary>
    public bool IsBehind => _carried.Count > 0;

    /// <summary>Adds the consumers' progress to the group. What found no room before goes first: it is told in the order in which
    /// it was made. False where something found no room.</summary>
    public bool TryWrite(IReadOnlyCollection<ConsumerGroup> moved)
    {
        while (_carried.TryPeek(out var payload) && writer.TryMakeRoom(payload.Length, isEvent: false, out _, out _) && _carried.TryDequeue(out _))
        {
            writer.Put(this, 0, RecordKind.Progress, payload, null, null, 0);
        }

        if (_carried.Count > 0)
        {
            writer.Core.Queue.PutBack(moved);
            return false;
        }

        foreach (var group in moved)
        {
            if (group.TakeProgress() is not { } progress)
            {
                _told.Add((group, group.Told));
                continue;
            }

            var payload = StateCodec.Progress(progress);
            var rolls = writer.Rolls;
            var hasRoom = _carried.Count == 0 && writer.TryMakeRoom(payload.Length, isEvent: false, out _, out _);
            if (writer.Rolls != rolls)
            {
                // The snapshot of the new segment has it, and what moved since: behind that it would take the consumer back.
                group.TellAgain(progress.Ends);
                _told.Add((group, group.Told));
            }
            else if (hasRoom)
            {
                writer.Put(this, 0, RecordKind.Progress, payload, null, null, 0);
                _told.Add((group, group.Told));
            }
            else
            {
                _carried.Enqueue(payload);
                writer.Core.Queue.PutBack([group]);
            }
        }

        return _carried.Count == 0;
    }

    /// <summary>A snapshot has it.</summary>
    public void Drop() => _carried.Clear();

    /// <summary>What was written is on disk.</summary>
    public void TellWritten()
    {
        _told.ForEach(static one => one.Group.Written(one.Settles));
        _told.Clear();
    }

    /// <summary>What was to be written is not on disk, and may never be.</summary>
    public void NotWritten() => _told.Clear();

    public void Stored(int index, long offset)
    {
        // Nobody waits for it.
    }

    public void Refused(int index, PublishStatus status, string problem) => BrokerLog.ProgressRefused(writer.Core.Logger, problem);
}
