using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>Records every change that a broker makes in one folder, in its order.</summary>
internal sealed class DiskJournal : IDiskWitness
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly List<DiskOp> _ops = [];
    private readonly Dictionary<SafeFileHandle, int> _open = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _files;

    /// <summary>A journal that begins with the files of <paramref name="start"/>, all of them durable.</summary>
    public DiskJournal(string folder, DiskImage start)
    {
        (_folder, Start) = (folder, start);
        foreach (var name in start.Files.Keys)
        {
            _names[name] = _files++;
        }
    }

    public DiskImage Start { get; }

    /// <summary>How many changes there were so far: what is noted with this number happened before any later change.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ops.Count;
            }
        }
    }

    /// <summary>All changes. Nothing may be written any more.</summary>
    public IReadOnlyList<DiskOp> Ops => _ops;

    public void Opened(SafeFileHandle handle, string path, bool created)
    {
        lock (_gate)
        {
            if (!IsMine(path))
            {
                return;
            }

            var name = Path.GetFileName(path);
            if (created && _names.TryGetValue(name, out var there))
            {
                _ops.Add(new DiskOp(DiskOpKind.Resize, there));
            }
            else if (created)
            {
                _names[name] = _files++;
                _ops.Add(new DiskOp(DiskOpKind.Create, _names[name], Name: name));
            }

            _open[handle] = _names[name];
        }
    }

    public void Writing(SafeFileHandle handle, long position, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(handle, out var file))
            {
                _ops.Add(new DiskOp(DiskOpKind.Write, file, position, bytes.ToArray()));
            }
        }
    }

    public void Resizing(SafeFileHandle handle, long length) => Add(handle, DiskOpKind.Resize, length);

    public void Syncing(SafeFileHandle handle) => Add(handle, DiskOpKind.Syncing, 0);

    public void Synced(SafeFileHandle handle) => Add(handle, DiskOpKind.Synced, 0);

    public void Moving(string from, string to)
    {
        lock (_gate)
        {
            if (IsMine(from) && _names.Remove(Path.GetFileName(from), out var file))
            {
                _names[Path.GetFileName(to)] = file;
                _ops.Add(new DiskOp(DiskOpKind.Move, file, Name: Path.GetFileName(from), To: Path.GetFileName(to)));
            }
        }
    }

    public void Deleting(string path)
    {
        lock (_gate)
        {
            if (IsMine(path) && _names.Remove(Path.GetFileName(path), out var file))
            {
                _ops.Add(new DiskOp(DiskOpKind.Delete, file, Name: Path.GetFileName(path)));
            }
        }
    }

    public void SyncedDirectory(string path)
    {
        lock (_gate)
        {
            if (path == _folder)
            {
                _ops.Add(new DiskOp(DiskOpKind.SyncedDirectory, -1));
            }
        }
    }

    private bool IsMine(string path) => Path.GetDirectoryName(path) == _folder;

    private void Add(SafeFileHandle handle, DiskOpKind kind, long length)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(handle, out var file))
            {
                _ops.Add(new DiskOp(kind, file, length));
            }
        }
    }
}
