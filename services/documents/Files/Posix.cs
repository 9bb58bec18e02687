using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Documents.Files;

/// <summary>The system calls that .NET hides.</summary>
internal static partial class Posix
{
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Puts a directory's entries on disk, so that a new file is found after a power cut.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var directory = Open(path, CloseOnExec);
        if (directory.IsInvalid || FSync(directory) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"fsync of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
