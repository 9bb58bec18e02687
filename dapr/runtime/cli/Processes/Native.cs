using System.Runtime.InteropServices;

namespace HmsMesh.Cli.Processes;

/// <summary>The system call that .NET does not wrap; the numbers of its signals are the same on Linux and macOS.</summary>
internal static partial class Native
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;

    /// <summary>A negative pid means a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Of glibc alone: gives freed memory back to the system.</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int Trim(nuint keep);
}
