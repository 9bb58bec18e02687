using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using HmsMesh.Cli.Processes;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Cli.Data;

/// <summary>One mesh a data folder: an flock that the kernel frees when its holder dies. The file is opened past FileStream, whose own
/// locks would meet this one and can be switched off by an environment variable.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int LongestPid = 16;

    private readonly SafeFileHandle _file;

    private FolderLock(SafeFileHandle file) => _file = file;

    public static FolderLock Take(DataFolder data)
    {
        var file = Open(data.Lock);
        if (!TryLock(file))
        {
            var holder = ReadHolder(file);
            file.Dispose();
            throw new MeshException(
                $"a mesh is running on {data.Path} already{holder}; 'mesh status' shows it, 'mesh down' ends it, --data DIR runs another beside it.",
                ExitCode.Taken);
        }

        var pid = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        RandomAccess.SetLength(file, pid.Length);
        RandomAccess.Write(file, pid, 0);
        return new FolderLock(file);
    }

    /// <summary>Whether a mesh runs on the folder now.</summary>
    public static bool IsHeld(DataFolder data)
    {
        if (!File.Exists(data.Lock))
            return false;
        using var file = Open(data.Lock);
        return !TryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Open(string path)
    {
        try
        {
            if (!File.Exists(path))
                new FileStream(path, FileMode.CreateNew).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another mesh made it at the same moment.
        }

        var flags = Native.OpenReadWrite | (OperatingSystem.IsMacOS() ? Native.OpenCloseOnExecMac : Native.OpenCloseOnExecLinux);
        var descriptor = Native.Open(path, flags);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new MeshException($"{path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    private static bool TryLock(SafeFileHandle file)
    {
        while (Native.Flock(file, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Native.Interrupted)
                return false;
        }

        return true;
    }

    private static string ReadHolder(SafeFileHandle file)
    {
        var pid = new byte[LongestPid];
        var length = RandomAccess.Read(file, pid, 0);
        return length > 0 ? $" (process {Encoding.ASCII.GetString(pid, 0, length)})" : "";
    }
}
