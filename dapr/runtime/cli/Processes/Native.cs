using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Cli.Processes;

/// <summary>The few system calls that .NET does not wrap. Their numbers are the same on Linux and macOS where no name says otherwise.</summary>
internal static partial class Native
{
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Interrupted = 4;
    public const int OpenReadWrite = 2;
    public const int OpenCloseOnExecLinux = 0x80000;
    public const int OpenCloseOnExecMac = 0x1000000;
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    /// <summary>A negative pid means a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);
}
