using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>Whether the file that is open is still the one of its name. SQLite goes on writing into a file that was deleted, and
/// nothing of that would be there after a restart.</summary>
internal sealed partial class SqliteFileWatch
{
    private const int CurrentFolder = -100;
    private const uint InodeMask = 0x100;
    private const int Size = 256;
    private readonly string? _path;
    private readonly (ulong Device, ulong Inode) _identity;

    /// <param name="path">Null: in memory, there is none.</param>
    public SqliteFileWatch(string? path)
    {
        _path = path is null ? null : Path.GetFullPath(path);
        _identity = _path is null ? default : Identity(_path);
    }

    /// <summary>What became of it; null: it is there.</summary>
    public string? Problem() => _path is null ? null
        : !File.Exists(_path) ? $"the file {_path} was deleted while it was open; put it back from a backup, or restart the sidecar to begin with an empty one"
        : Identity(_path) != _identity ? $"the file {_path} was replaced while it was open; restart the sidecar to go on with the new one"
        : null;

    private static (ulong Device, ulong Inode) Identity(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        Span<byte> status = stackalloc byte[Size];
        return Status(CurrentFolder, path, 0, InodeMask, ref MemoryMarshal.GetReference(status)) != 0
            ? default
            : (BinaryPrimitives.ReadUInt64LittleEndian(status[0x88..]), BinaryPrimitives.ReadUInt64LittleEndian(status[0x20..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);
}
