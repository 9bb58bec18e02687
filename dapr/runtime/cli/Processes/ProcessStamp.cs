using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HmsMesh.Cli.Processes;

/// <summary>Tells a process from a later one with the same pid.</summary>
internal static class ProcessStamp
{
    /// <summary>Boot and start time; null where there is no such process (a zombie is none).</summary>
    public static string? Of(int pid)
    {
        if (OperatingSystem.IsLinux())
            return FromProc(pid);
        try
        {
            using var process = Process.GetProcessById(pid);
            return new DateTimeOffset(process.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>CPU that a process has used so far; null where that can't be read.</summary>
    public static TimeSpan? CpuOf(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            return Fields(pid) is { Length: > 12 } fields
                ? TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)))
                : null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.TotalProcessorTime;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Megabytes that a running process has resident.</summary>
    public static double ResidentOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64 / 1048576.0;
    }

    private static string? FromProc(int pid) =>
        Fields(pid) is { Length: > 19 } fields && fields[0] is not ("Z" or "X")
            ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[19]}"
            : null;

    /// <summary>The fields of /proc/PID/stat behind the name, which may hold spaces and brackets itself.</summary>
    private static string[]? Fields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
