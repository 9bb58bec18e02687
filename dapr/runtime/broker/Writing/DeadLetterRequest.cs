using HmsMesh.Broker.Consumers;

namespace HmsMesh.Broker.Writing;

/// <summary>Puts a dead letter in the log. Its record is its source's acknowledgement.</summary>
internal sealed class DeadLetterRequest(ConsumerGroup group, PendingEvent pending, PublishItem item) : WriteRequest, IRecordOwner
{
    private bool _told;

    public override int Bytes => item.Payload.Length;

    public override bool WithProgress => true;

    public override void Assemble(LogWriter writer)
    {
        if (group.Owes(pending.Offset))
        {
            writer.AppendDeadLetter(this, item);
        }
    }

    public void Stored(int index, long offset)
    {
        _told = true;
        group.Buried(pending);
    }

    public void Refused(int index, PublishStatus status, string problem)
    {
        _told = true;
        group.NotBuried(pending, problem);
    }

    /// <summary>The source is still owed, unless it was told already: to be buried twice would be two dead letters.</summary>
    public override void Abandon()
    {
        if (!_told)
        {
            Refused(0, PublishStatus.Failed, "The broker could not write.");
        }
    }
}
