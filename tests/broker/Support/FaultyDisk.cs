using System.Collections.Concurrent;
using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>A disk that refuses, in one folder, what it is told to refuse, and can be waited for at any step. Other folders it leaves alone.</summary>
internal sealed class FaultyDisk : IDiskWitness, IDisposable
{
    private readonly ConcurrentDictionary<SafeFileHandle, string> _open = [];
    private readonly string _folder;

    public FaultyDisk(string folder)
    {
        _folder = folder;
        Disk.Witness = this;
    }

    /// <summary>Asked before each step ("open", "write", "resize", "sync", "move", "delete") with the file's name; what it gives back is thrown.</summary>
    public Func<string, string, IOException?>? Refuses { get; set; }

    public static IOException Full { get; } = new("No space left on device", 28);

    public void Opened(SafeFileHandle handle, string path, bool created)
    {
        if (Path.GetDirectoryName(path) == _folder)
        {
            _open[handle] = Path.GetFileName(path);
            Ask("open", _open[handle]);
        }
    }

    public void Writing(SafeFileHandle handle, long position, ReadOnlySpan<byte> bytes) => Ask("write", handle);

    public void Resizing(SafeFileHandle handle, long length) => Ask("resize", handle);

    public void Syncing(SafeFileHandle handle) => Ask("sync", handle);

    public void Synced(SafeFileHandle handle)
    {
        // What is done can't be refused.
    }

    public void Moving(string from, string to)
    {
        AskPath("move", to);
        foreach (var handle in _open.Where(one => Path.Combine(_folder, one.Value) == from).Select(static one => one.Key))
        {
            _open[handle] = Path.GetFileName(to);
        }
    }

    public void Deleting(string path) => AskPath("delete", path);

    public void SyncedDirectory(string path)
    {
        // What is done can't be refused.
    }

    public void Dispose() => Disk.Witness = null;

    private void Ask(string step, SafeFileHandle handle)
    {
        if (_open.TryGetValue(handle, out var name))
        {
            Ask(step, name);
        }
    }

    private void Ask(string step, string name)
    {
        if (Refuses?.Invoke(step, name) is { } refusal)
        {
            throw refusal;
        }
    }

    private void AskPath(string step, string path)
    {
        if (Path.GetDirectoryName(path) == _folder)
        {
            Ask(step, Path.GetFileName(path));
        }
    }
}
