using System.Buffers.Binary;
using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Log;

/// <summary>How far the log was acknowledged, in two slots written by turns after each sync. It is itself synced at leisure:
/// an older one only finds less damage.</summary>
internal sealed class AcknowledgedFile : IDisposable
{
    private const int SlotSize = 512;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _slot = new byte[24];
    private long _turn;

    private AcknowledgedFile(string path, SafeFileHandle handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    /// <summary>Every offset below it was acknowledged.</summary>
    public long Head { get; private set; }

    public static AcknowledgedFile Create(string path, long head)
    {
        // Under another name until it is whole: an empty one, left by a full disk or a kill, would be taken for damage.
        var temporary = path + ".tmp";
        var file = new AcknowledgedFile(path, Disk.Create(temporary));
        try
        {
            file.Write(head);
            file.Write(head);
            file.Sync();
            Disk.Move(temporary, path);
            return file;
        }
        catch
        {
            file.Dispose();
            Disk.Delete(temporary);
            throw;
        }
    }

    /// <summary>What it says, for one who only looks; null where it is missing or can't be read.</summary>
    public static long? Peek(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new AcknowledgedFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var (first, second) = (file.ReadSlot(0), file.ReadSlot(1));
        return first || second ? file.Head : null;
    }

    /// <summary>Reads the newer of the good slots.</summary>
    public static AcknowledgedFile Open(string path)
    {
        var file = new AcknowledgedFile(path, Disk.Open(path));
        var (first, second) = (file.ReadSlot(0), file.ReadSlot(1));
        if (!first && !second)
        {
            file.Dispose();
            throw new BrokerDamagedException(path, 0, "neither of its two slots can be read, so what was acknowledged is unknown");
        }

        return file;
    }

    public void Write(long head)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_slot, ++_turn);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), head);
        BinaryPrimitives.WriteUInt32LittleEndian(_slot.AsSpan(16), RecordFormat.Crc32C(_slot.AsSpan(0, 16)));
        Disk.Write(_handle, _slot, _turn % 2 * SlotSize);
        Head = head;
    }

    public void Sync() => Disk.SyncData(_handle, Path);

    public void Dispose() => _handle.Dispose();

    private bool ReadSlot(int slot)
    {
        Span<byte> bytes = stackalloc byte[24];
        if (RandomAccess.Read(_handle, bytes, slot * SlotSize) < 20
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) != RecordFormat.Crc32C(bytes[..16]))
        {
            return false;
        }

        var turn = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (turn > _turn)
        {
            (_turn, Head) = (turn, BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        }

        return true;
    }
}
