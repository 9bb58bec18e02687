using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>Lets go of segments past their age, between two rolls.</summary>
internal sealed class TrimRequest : WriteRequest, IRecordOwner
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Segment> _gone = [];
    private BrokerCore? _core;

    public Task Done => _done.Task;

    public override void Assemble(LogWriter writer)
    {
        writer.Commit();
        _core = writer.Core;
        _gone = Retention.Choose(_core, bySize: false);

        // Telling the progress may begin a segment, and that lets go of old ones, too.
        var first = _core.Files.Segments[_gone.Count].Base;

        // The marks by which it goes must be on disk before a file is deleted.
        if (_gone.Count == 0 || !writer.TryWriteProgress([.. _core.Groups.Values]))
        {
            _done.TrySetResult();
            return;
        }

        writer.AppendControl(this, RecordKind.Trimmed, StateCodec.Number(first));
        writer.Commit();
    }

    public void Stored(int index, long offset)
    {
        Retention.Delete(_core!, [.. _gone.Intersect(_core!.Files.Segments)]);
        _done.TrySetResult();
    }

    public void Refused(int index, PublishStatus status, string problem) => _done.TrySetResult();

    public override void Abandon() => _done.TrySetResult();
}
