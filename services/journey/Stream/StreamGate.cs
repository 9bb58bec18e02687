namespace HmsMesh.Journey.Stream;

/// <summary>Counts open streams and lets no more in than there may be.</summary>
internal sealed class StreamGate(StreamOptions options)
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>A place, to be disposed at the end of the stream; null when all are taken.</summary>
    public Place? Enter()
    {
        if (Interlocked.Increment(ref _open) <= options.MostStreams)
            return new Place(this);
        Interlocked.Decrement(ref _open);
        return null;
    }

    internal sealed class Place(StreamGate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref gate._open);
        }
    }
}
