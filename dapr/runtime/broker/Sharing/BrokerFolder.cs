using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Sharing;

/// <summary>The folder that is the broker, and what of it its processes share.</summary>
internal static class BrokerFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder where it is not there, for this user alone; throws where it lies on a network file system.</summary>
    public static string Prepare(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            if (!Directory.Exists(folder))
            {
                Make(folder);
                Disk.SyncDirectory(Path.GetDirectoryName(folder) ?? folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The broker folder {folder} can't be made: {e.Message}", e);
        }

        NetworkFileSystem.Refuse(folder);
        return folder;
    }

    /// <summary>The lock of the one process that writes.</summary>
    public static string Lock(string folder) => Path.Combine(folder, "lock");

    public static string Socket(string folder) => Path.Combine(folder, "socket");

    /// <summary>Where each process that is not the writer holds a lock of its own: who lives.</summary>
    public static string Clients(string folder) => Path.Combine(folder, "clients");

    public static string MakeClients(string folder) => Make(Clients(folder)).FullName;

    /// <summary>For this user alone.</summary>
    public static void Own(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static DirectoryInfo Make(string folder) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, Owner);

    /// <summary>Whether the process of a client lives.</summary>
    public static bool Lives(string folder, string client) => ProcessLock.IsHeld(Path.Combine(Clients(folder), client));
}
