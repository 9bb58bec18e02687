namespace HmsMesh.Broker.Writing;

/// <summary>Events that are published together, encoded already. Answered once each is stored or refused.</summary>
internal abstract class EventsRequest(PublishItem[] items) : WriteRequest, IRecordOwner
{
    private readonly PublishResult[] _results = new PublishResult[items.Length];
    private int _open = items.Length;

    public override int Bytes { get; } = items.Sum(one => one.Payload.Length);

    public override void Assemble(LogWriter writer)
    {
        for (var i = 0; i < items.Length; i++)
        {
            writer.AppendEvent(this, i, items[i]);
        }
    }

    public void Stored(int index, long offset)
    {
        items[index].Target?.Redeliver(offset);
        Set(index, new PublishResult(PublishStatus.Stored, offset));
    }

    public void Duplicate(int index, long offset) => Set(index, new PublishResult(PublishStatus.Duplicate, offset));

    public void Refused(int index, PublishStatus status, string problem) => Set(index, new PublishResult(status, 0, problem));

    public override void Abandon()
    {
        for (var i = 0; i < items.Length && _open > 0; i++)
        {
            if (_results[i] == default)
            {
                Refused(i, PublishStatus.Closed, "The broker is closing.");
            }
        }
    }

    /// <summary>Each has its result.</summary>
    protected abstract void Answer(PublishResult[] results);

    private void Set(int index, PublishResult result)
    {
        _results[index] = result;
        if (--_open == 0)
        {
            Answer(_results);
        }
    }
}
