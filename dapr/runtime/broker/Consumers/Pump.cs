namespace HmsMesh.Broker.Consumers;

/// <summary>Runs work on the thread pool, one at a time, and once more where it was woken meanwhile.</summary>
internal sealed class Pump(Action work) : IThreadPoolWorkItem
{
    // 0: it rests; 1: it runs or will; 2: it must look once more.
    private int _state;

    public void Wake()
    {
        int seen;
        do
        {
            seen = Interlocked.CompareExchange(ref _state, 1, 0);
            if (seen == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
        while (seen == 1 && Interlocked.CompareExchange(ref _state, 2, 1) == 0);
    }

    public void Execute()
    {
        do
        {
            Volatile.Write(ref _state, 1);
            work();
        }
        while (Interlocked.CompareExchange(ref _state, 0, 1) != 1);
    }
}
