using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Native;

/// <summary>Sees every change that the broker makes on disk, in its order, and may refuse one by throwing what a disk would: an
/// <see cref="IOException"/>. Called on the thread that makes the change; what is told before may still fail.</summary>
internal interface IDiskWitness
{
    /// <summary>A file was opened for writing.</summary>
    void Opened(SafeFileHandle handle, string path, bool created);

    void Writing(SafeFileHandle handle, long position, ReadOnlySpan<byte> bytes);

    void Resizing(SafeFileHandle handle, long length);

    void Syncing(SafeFileHandle handle);

    void Synced(SafeFileHandle handle);

    void Moving(string from, string to);

    void Deleting(string path);

    void SyncedDirectory(string path);
}
