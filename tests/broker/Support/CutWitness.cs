using System.Collections.Concurrent;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>Sees what a broker does to one folder, and before each step keeps two pictures of it: what a kill would leave (all that was
/// done), and what a power cut may leave at worst (contents as of their last sync, names as of the folder's last sync). What other brokers of
/// the process do passes it by.</summary>
internal sealed class CutWitness : IDiskWitness
{
    private readonly string _folder;
    private readonly Func<int> _acknowledged;
    private readonly ConcurrentDictionary<SafeFileHandle, byte[]?> _synced = [];
    private readonly ConcurrentDictionary<string, SafeFileHandle> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]?> _old = new(StringComparer.Ordinal);
    private Dictionary<string, Func<byte[]?>> _names;

    public CutWitness(string folder, Func<int> acknowledged)
    {
        (_folder, _acknowledged) = (folder, acknowledged);
        foreach (var path in Directory.GetFiles(folder).Where(static path => IsKept(path)))
        {
            _old[path] = Read(path);
        }

        _names = Names();
    }

    /// <summary>Whether pictures are taken; before that it only remembers what is synced.</summary>
    public bool Armed { get; set; }

    /// <summary>What was about to happen, how many publishes had been acknowledged, and the folder's files then.</summary>
    public List<(string Step, int Acknowledged, bool Power, Dictionary<string, byte[]> Files)> Cuts { get; } = [];

    public void Opened(SafeFileHandle handle, string path, bool created)
    {
        if (Path.GetDirectoryName(path) == _folder)
        {
            Cut($"opened {Path.GetFileName(path)}");
            _synced[handle] = created ? null : _old.GetValueOrDefault(path);
            _byName[path] = handle;
        }
    }

    public void Writing(SafeFileHandle handle, long position, ReadOnlySpan<byte> bytes) => Of(handle, $"write of {bytes.Length} at {position}");

    public void Resizing(SafeFileHandle handle, long length) => Of(handle, $"resize to {length}");

    public void Syncing(SafeFileHandle handle) => Of(handle, "sync");

    public void Synced(SafeFileHandle handle)
    {
        if (_synced.ContainsKey(handle))
        {
            var bytes = new byte[RandomAccess.GetLength(handle)];
            RandomAccess.Read(handle, bytes, 0);
            _synced[handle] = bytes;
            Cut("synced");
        }
    }

    public void Moving(string from, string to)
    {
        if (_byName.TryRemove(from, out var handle))
        {
            Cut($"move to {Path.GetFileName(to)}");
            _byName[to] = handle;
        }
    }

    public void Deleting(string path)
    {
        if (Path.GetDirectoryName(path) == _folder)
        {
            Cut($"delete {Path.GetFileName(path)}");
            _byName.TryRemove(path, out _);
            _old.Remove(path);
        }
    }

    public void SyncedDirectory(string path)
    {
        if (path == _folder)
        {
            Cut("before the folder's sync counts");
            _names = Names();
            Cut("folder synced");
        }
    }

    private static bool IsKept(string path) => Path.GetFileName(path) is "acknowledged" or RepairMark.Name || path.Contains(".log", StringComparison.Ordinal);

    private static byte[]? Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[RandomAccess.GetLength(file)];
            RandomAccess.Read(file, bytes, 0);
            return bytes;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private Dictionary<string, Func<byte[]?>> Names()
    {
        var names = new Dictionary<string, Func<byte[]?>>(StringComparer.Ordinal);
        foreach (var (path, bytes) in _old)
        {
            names[path] = () => bytes;
        }

        foreach (var (path, handle) in _byName)
        {
            names[path] = () => _synced[handle] ?? [];
        }

        return names;
    }

    private void Of(SafeFileHandle handle, string what)
    {
        if (_synced.ContainsKey(handle))
        {
            Cut(what);
        }
    }

    private void Cut(string step)
    {
        if (!Armed)
        {
            return;
        }

        var now = Directory.GetFiles(_folder).Where(static path => IsKept(path)).Select(static path => (path, Bytes: Read(path)))
            .Where(static one => one.Bytes is not null).ToDictionary(static one => Path.GetFileName(one.path), static one => one.Bytes!);
        Cuts.Add((step, _acknowledged(), false, now));
        Cuts.Add((step, _acknowledged(), true, _names.Where(static one => one.Value() is not null)
            .ToDictionary(static one => Path.GetFileName(one.Key), static one => one.Value()!)));
    }
}
