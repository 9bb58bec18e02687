using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Limits;

namespace HmsMesh.Gateway.Forwarding;

/// <summary>The streams that are open: so many for each caller, who would else take the places of all, and none longer than its session.</summary>
internal sealed class OpenStreams(GatewayOptions options)
{
    private readonly Dictionary<string, List<Place>> _open = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>A place, to be disposed at the end of the stream; null where the caller, or the address of someone unknown, has all of its own.</summary>
    public Place? Enter(HttpContext http)
    {
        var visitor = http.Features.Get<Visitor>();
        var (name, most) = visitor is null ? ($"address {LimitSetup.AddressOf(http)}", options.StreamsPerAddress) : ($"caller {visitor.Name}", options.Streams);
        lock (_gate)
        {
            if (!_open.TryGetValue(name, out var places))
                _open[name] = places = [];
            if (places.Count >= most)
                return null;
            var place = new Place(this, name, visitor?.Session?.IdHash);
            places.Add(place);
            return place;
        }
    }

    /// <summary>Ends the streams of a session.</summary>
    public void End(string session)
    {
        lock (_gate)
        {
            foreach (var place in _open.Values.SelectMany(places => places).Where(place => place.Session == session))
                place.End();
        }
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(place.Name, out var places) && places.Remove(place) && places.Count == 0)
                _open.Remove(place.Name);
        }
    }

    internal sealed class Place(OpenStreams streams, string name, string? session) : IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public string Name => name;

        public string? Session => session;

        /// <summary>The stream must end.</summary>
        public CancellationToken Ended => _end.Token;

        public void Dispose()
        {
            streams.Leave(this);
            _end.Dispose();
        }

        // What follows from it runs elsewhere, not under the lock.
        internal void End() => _ = _end.CancelAsync();
    }
}
