using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>Forgets a consumer: what it has not handled is no longer kept for it.</summary>
internal sealed class ForgetRequest(ConsumerGroup group) : WriteRequest, IRecordOwner
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerCore? _core;

    /// <summary>False where it was forgotten already.</summary>
    public Task<bool> Done => _done.Task;

    public override void Assemble(LogWriter writer)
    {
        writer.Commit();
        _core = writer.Core;
        if (!_core.Groups.Values.Contains(group))
        {
            _done.TrySetResult(false);
            return;
        }

        writer.AppendControl(this, RecordKind.Forgotten, StateCodec.Number(group.Id));
        writer.Commit();
    }

    public void Stored(int index, long offset)
    {
        _core!.RemoveGroup(group);
        _done.TrySetResult(true);
    }

    public void Refused(int index, PublishStatus status, string problem) => _done.TrySetException(new BrokerException(problem));

    public override void Abandon() => Refused(0, PublishStatus.Closed, "The broker is closing.");
}
