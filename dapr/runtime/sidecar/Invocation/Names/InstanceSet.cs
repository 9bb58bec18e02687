namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>The instances of one app as they were last known; calls go round.</summary>
internal sealed class InstanceSet(Instance[] instances)
{
    private int _turn = -1;

    public static InstanceSet Empty { get; } = new([]);

    public int Count => instances.Length;

    public Instance? Find(string address) => Array.Find(instances, instance => instance.Address == address);

    /// <summary>The instance to begin with: the next one in turn, but for those that could not be reached a moment ago.</summary>
    public int Next(TimeProvider time)
    {
        if (instances.Length == 1)
        {
            return 0;
        }

        var turn = (int)((uint)Interlocked.Increment(ref _turn) % (uint)instances.Length);
        for (var i = 0; i < instances.Length; i++)
        {
            var at = (turn + i) % instances.Length;
            if (!instances[at].IsDown(time))
            {
                return at;
            }
        }

        return turn;
    }

    public Instance At(int place) => instances[place % instances.Length];

    /// <summary>Goes on in turn where another set left off.</summary>
    public InstanceSet After(InstanceSet other)
    {
        _turn = other._turn;
        return this;
    }
}
