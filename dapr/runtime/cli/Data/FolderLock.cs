using System.Globalization;
using System.Runtime.InteropServices;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Data;

/// <summary>One mesh a data folder: an flock that the kernel frees when its holder dies. FileShare would do the same but can be
/// switched off by an environment variable.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

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

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
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

    private static FileStream Open(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static bool TryLock(FileStream file)
    {
        var descriptor = file.SafeFileHandle.DangerousGetHandle().ToInt32();
        while (Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Native.Interrupted)
                return false;
        }

        return true;
    }

    private static string ReadHolder(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd() is { Length: > 0 } pid ? $" (process {pid})" : "";
    }
}
