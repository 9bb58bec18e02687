using System.Runtime.InteropServices;

namespace HmsMesh.Cli.Processes;

/// <summary>The system calls that .NET does not wrap; their numbers are the same on Linux and macOS.</summary>
internal static partial class Native
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;
    public const int AccessExecute = 1;

    /// <summary>A negative pid means a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>0 where this user may do that with a file.</summary>
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>Of glibc alone: gives freed memory back to the system.</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int Trim(nuint keep);
}
