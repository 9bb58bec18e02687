namespace HmsMesh.Broker.Consumers;

/// <summary>A key that an event is under way for, and the events of that key that wait for it.</summary>
internal sealed class KeyLine
{
    private Queue<long>? _held;

    public IEnumerable<long> Held => _held ?? Enumerable.Empty<long>();

    public void Hold(long offset) => (_held ??= new Queue<long>()).Enqueue(offset);

    public bool TryTake(out long offset)
    {
        offset = 0;
        return _held is not null && _held.TryDequeue(out offset);
    }
}
