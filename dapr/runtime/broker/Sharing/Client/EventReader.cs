using System.Buffers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>Reads events where the writer says they lie, from the segments themselves, and believes nothing that is not as it was written.</summary>
internal sealed class EventReader(string folder) : IDisposable
{
    private const int Guess = 4096;
    private const int MaxOpen = 4;
    private readonly Lock _gate = new();
    private readonly List<(long Base, SafeFileHandle File)> _open = [];
    private bool _closed;

    /// <summary>Throws <see cref="IOException"/> or <see cref="BrokerDamagedException"/> where the event can't be read.</summary>
    public StoredEvent Read(long offset, RecordPlace place, Topic topic)
    {
        var file = Open(place.Base);
        var buffer = ArrayPool<byte>.Shared.Rent(Guess);
        try
        {
            var read = RandomAccess.Read(file, buffer, place.Position);
            var header = read < RecordFormat.HeaderSize ? default : RecordFormat.ReadHeader(buffer);
            if (!header.Plausible || header.Offset != offset || header.Kind is not (RecordKind.Event or RecordKind.Replay))
            {
                throw Damaged(place, $"record {offset} is not there");
            }

            if (header.Size > buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(header.Size);
                buffer.AsSpan(0, read).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            while (read < header.Size)
            {
                var more = RandomAccess.Read(file, buffer.AsSpan(read), place.Position + read);
                read += more > 0 ? more : throw Damaged(place, $"the file ends within record {offset}");
            }

            if (RecordFormat.Checksum(buffer.AsSpan(0, header.Size)) != header.Checksum)
            {
                throw Damaged(place, $"the checksum of record {offset} is wrong");
            }

            return EventCodec.Decode(offset, buffer.AsSpan(RecordFormat.HeaderSize, (int)header.Length).ToArray(), topic, place);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _open.ForEach(static one => one.File.Dispose());
            _open.Clear();
        }
    }

    private SafeFileHandle Open(long first)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var at = _open.FindIndex(one => one.Base == first);
            if (at >= 0)
            {
                return _open[at].File;
            }

            // The handle that goes may be in use: it is closed with its last user.
            if (_open.Count == MaxOpen)
            {
                _open.RemoveAt(0);
            }

            var path = Path.Combine(folder, Segment.FileName(first));
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _open.Add((first, file));
            return file;
        }
    }

    private BrokerDamagedException Damaged(RecordPlace place, string what) =>
        new(Path.Combine(folder, Segment.FileName(place.Base)), place.Position, what);
}
