namespace HmsMesh.Broker.Native;

/// <summary>File systems whose locks and syncs do not hold what the broker promises.</summary>
internal static class NetworkFileSystem
{
    private const long Fuse = 0x65735546;

    private static readonly Dictionary<long, string> ByMagic = new()
    {
        [0x6969] = "NFS",
        [0x517B] = "SMB",
        [0xFF534D42] = "CIFS",
        [unchecked((int)0xFF534D42)] = "CIFS",
        [0xFE534D42] = "SMB2",
        [unchecked((int)0xFE534D42)] = "SMB2",
        [0x01021997] = "9p",
        [0x5346414F] = "AFS",
        [0x6B414653] = "AFS",
        [0x73757245] = "Coda",
        [0x00C36400] = "Ceph",
        [0x564C] = "NCP",
        [0x0BD00BD0] = "Lustre",
        [0x47504653] = "GPFS",
        [0x01161970] = "GFS2",
        [0x7461636F] = "OCFS2",
    };

    private static readonly string[] RemoteFuse =
        ["sshfs", "rclone", "s3fs", "glusterfs", "ceph", "davfs", "goofys", "gcsfuse", "blobfuse", "curlftpfs", "smbnetfs", "juicefs", "mfs", "hdfs"];

    /// <summary>Throws where the folder lies on a file system of the network.</summary>
    public static void Refuse(string folder)
    {
        var magic = Posix.FileSystemType(folder);
        var name = Name(magic, magic == Fuse ? MountType(folder, File.ReadLines("/proc/self/mountinfo")) : null);
        if (name is null && !OperatingSystem.IsLinux() && new DriveInfo(folder).DriveType == DriveType.Network)
        {
            name = new DriveInfo(folder).DriveFormat;
        }

        if (name is not null)
        {
            throw new BrokerException(
                $"The broker folder {folder} lies on a network file system ({name}), whose locks and syncs can't be relied on; name a folder on a local disk.");
        }
    }

    /// <summary>The network file system's name, or null for a local one.</summary>
    public static string? Name(long magic, string? mountType)
    {
        if (ByMagic.TryGetValue(magic, out var name))
        {
            return name;
        }

        return magic == Fuse && mountType is not null && RemoteFuse.Any(remote => mountType.Contains(remote, StringComparison.OrdinalIgnoreCase))
            ? mountType
            : null;
    }

    /// <summary>The type of the mount that holds the folder: the longest mount point that it lies under (mountinfo, proc(5)).</summary>
    public static string? MountType(string folder, IEnumerable<string> mounts)
    {
        string? type = null;
        var longest = -1;
        foreach (var line in mounts)
        {
            var halves = line.Split(" - ", 2);
            var fields = halves[0].Split(' ');
            if (halves.Length < 2 || fields.Length < 5)
            {
                continue;
            }

            var point = fields[4].Replace("\\040", " ", StringComparison.Ordinal);
            var within = point == "/" || folder == point || folder.StartsWith(point + "/", StringComparison.Ordinal);
            if (within && point.Length >= longest)
            {
                (type, longest) = (halves[1].Split(' ')[0], point.Length);
            }
        }

        return type;
    }
}
