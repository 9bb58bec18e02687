using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Native;

/// <summary>The few system calls that .NET hides or lets an environment variable switch off.</summary>
internal static partial class Posix
{
    public const int NoEntry = 2;
    public static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;
    public const int NoSpace = 28;
    private const int LockExclusive = 2;
    private const int LockNoWait = 4;
    private const int LockRelease = 8;
    private const int Interrupted = 4;
    private const int ReadWrite = 2;
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Opens an existing file or directory without the lock that .NET would take, and not for children.</summary>
    public static SafeFileHandle Open(string path, bool writable)
    {
        var handle = OpenFile(path, (writable ? ReadWrite : 0) | CloseOnExec);
        return handle.IsInvalid ? throw Failure("open", path) : handle;
    }

    /// <summary>Takes the kernel's exclusive lock, which ends with the process; false where another holds it.</summary>
    public static bool TryLock(SafeFileHandle handle)
    {
        while (Flock(handle, LockExclusive | LockNoWait) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Frees the lock for good, whoever else has the descriptor.</summary>
    public static void Unlock(SafeFileHandle handle) => _ = Flock(handle, LockRelease);

    /// <summary>Puts the file's data on disk, with what metadata is needed to read it. A failure is final for what it covered.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (FDataSync(handle) != 0)
        {
            throw Failure("fdatasync", path);
        }
    }

    /// <summary>Puts a directory's entries on disk, so that a new or renamed file is found after a power cut.</summary>
    public static void SyncDirectory(string path)
    {
        using var directory = Open(path, writable: false);
        if (FSync(directory) != 0)
        {
            throw Failure("fsync", path);
        }
    }

    /// <summary>The file system's magic number; 0 where there is none to be had.</summary>
    public static long FileSystemType(string path)
    {
        var answer = new byte[512];
        return OperatingSystem.IsLinux() && StatFs(path, answer) == 0 ? BitConverter.ToInt64(answer) : 0;
    }

    private static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatFs(string path, [Out] byte[] answer);
}
