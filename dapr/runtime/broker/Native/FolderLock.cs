using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Native;

/// <summary>The right to write in a broker folder: the kernel's lock on a file in it, with the holder's pid inside.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private FolderLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock, or throws naming the process that has it.</summary>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        if (!File.Exists(path))
        {
            Create(path);
        }

        var handle = Posix.Open(path, writable: true);
        if (!Posix.TryLock(handle))
        {
            handle.Dispose();
            throw new BrokerLockedException(folder, Holder(path));
        }

        Sign(handle);
        return new FolderLock(handle);
    }

    public void Dispose() => _handle.Dispose();

    private static void Create(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it and holds it by now; the lock itself decides.
        }
    }

    /// <summary>Writes the pid over the last holder's. The lock holds without it, so a full disk doesn't keep a broker shut.</summary>
    private static void Sign(SafeFileHandle handle)
    {
        try
        {
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture),-15}\n"), 0);
        }
        catch (IOException)
        {
            // Who is locked out is not told by whom.
        }
    }

    private static int? Holder(string path)
    {
        using var file = Posix.Open(path, writable: false);
        Span<byte> text = stackalloc byte[32];
        var read = RandomAccess.Read(file, text, 0);
        return int.TryParse(Encoding.ASCII.GetString(text[..read]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }
}
