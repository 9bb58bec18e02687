using System.Threading.Channels;

namespace HmsMesh.Journey.Stream;

/// <summary>Tells the open streams of a citizen that there is news.</summary>
internal sealed class CitizenSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Watch>> _byCitizen = new(StringComparer.Ordinal);

    /// <summary>To be disposed at the end of the stream.</summary>
    public Watch For(string citizen)
    {
        var watch = new Watch(this, citizen);
        lock (_gate)
        {
            if (!_byCitizen.TryGetValue(citizen, out var watches))
                _byCitizen[citizen] = watches = [];
            watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Called after the commit.</summary>
    public void Wake(string citizen)
    {
        lock (_gate)
        {
            foreach (var watch in _byCitizen.GetValueOrDefault(citizen) ?? [])
                watch.Set();
        }
    }

    private void Leave(Watch watch, string citizen)
    {
        lock (_gate)
        {
            if (_byCitizen.TryGetValue(citizen, out var watches) && watches.Remove(watch) && watches.Count == 0)
                _byCitizen.Remove(citizen);
        }
    }

    internal sealed class Watch(CitizenSignals signals, string citizen) : IDisposable
    {
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Set() => _news.Writer.TryWrite(true);

        /// <summary>Forgets the news so far: what is read from the database now has it.</summary>
        public void Clear() => _news.Reader.TryRead(out _);

        public Task ChangedAsync(CancellationToken ct) => _news.Reader.WaitToReadAsync(ct).AsTask();

        public void Dispose() => signals.Leave(this, citizen);
    }
}
