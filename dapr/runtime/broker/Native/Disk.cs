using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Native;

/// <summary>The one way by which the broker changes files, so that what it wrote, and what it made durable, can be witnessed:
/// see <c>mesh chaos</c>. Without a witness it costs a comparison.</summary>
internal static class Disk
{
    private static IDiskWitness? Watching;

    /// <summary>Who sees the changes of this process; nobody, but in tests and in chaos.</summary>
    public static IDiskWitness? Witness
    {
        get => Volatile.Read(ref Watching);
        set => Volatile.Write(ref Watching, value);
    }

    /// <summary>Makes an empty file, or empties one.</summary>
    public static SafeFileHandle Create(string path) => Open(path, FileMode.Create);

    /// <summary>Opens a file that is there, for reading and writing.</summary>
    public static SafeFileHandle Open(string path) => Open(path, FileMode.Open);

    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes, long position)
    {
        Witness?.Writing(handle, position, bytes);
        RandomAccess.Write(handle, bytes, position);
    }

    public static void SetLength(SafeFileHandle handle, long length)
    {
        Witness?.Resizing(handle, length);
        RandomAccess.SetLength(handle, length);
    }

    /// <summary>Puts the file's data on disk, with what metadata is needed to read it. A failure is final for what it covered.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        var witness = Witness;
        witness?.Syncing(handle);
        Posix.SyncData(handle, path);
        witness?.Synced(handle);
    }

    /// <summary>Gives a file another name, in place of whatever has it.</summary>
    public static void Move(string from, string to)
    {
        Witness?.Moving(from, to);
        File.Move(from, to, overwrite: true);
    }

    public static void Delete(string path)
    {
        Witness?.Deleting(path);
        File.Delete(path);
    }

    /// <summary>Puts a directory's entries on disk, so that a new or renamed file is found after a power cut.</summary>
    public static void SyncDirectory(string path)
    {
        Posix.SyncDirectory(path);
        Witness?.SyncedDirectory(path);
    }

    private static SafeFileHandle Open(string path, FileMode mode)
    {
        var handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Witness?.Opened(handle, path, mode == FileMode.Create);
        return handle;
    }
}
