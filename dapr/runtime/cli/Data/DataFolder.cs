namespace HmsMesh.Cli.Data;

/// <summary>Everything that a mesh writes at run time: `.mesh` in the clone, or where --data says.</summary>
internal sealed class DataFolder
{
    /// <summary>sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.</summary>
    private const int LongestSocketPath = 103;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private DataFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Each service's own database.</summary>
    public string Services => System.IO.Path.Combine(Path, "services");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public string Ports => System.IO.Path.Combine(Path, "ports.json");

    public string Tokens => System.IO.Path.Combine(Path, "tokens");

    /// <summary>The state store's database.</summary>
    public string State => System.IO.Path.Combine(Path, "state.db");

    /// <summary>The secret store's file, empty at first.</summary>
    public string Secrets => System.IO.Path.Combine(Path, "secrets.json");

    /// <summary>What belongs to the mesh that runs now.</summary>
    public string Run => System.IO.Path.Combine(Path, "run");

    public string Socket => System.IO.Path.Combine(Run, "mesh.sock");

    public string Lock => System.IO.Path.Combine(Run, "lock");

    public string Children => System.IO.Path.Combine(Run, "children.json");

    /// <summary>There while a restore moves parts into place: where it was cut off, old and new parts lie side by side.</summary>
    public string Restoring => System.IO.Path.Combine(Path, "restoring.unfinished");

    /// <summary>What a detached mesh would have shown.</summary>
    public string HostLog => System.IO.Path.Combine(Logs, "mesh.out");

    /// <summary>The folder as named, checked but not made.</summary>
    public static DataFolder At(string root, string? asked)
    {
        var folder = new DataFolder(System.IO.Path.GetFullPath(asked ?? System.IO.Path.Combine(root, ".mesh")));
        var length = System.Text.Encoding.UTF8.GetByteCount(folder.Socket);
        if (length > LongestSocketPath)
            throw new MeshException(
                $"{folder.Path} is too long a path for the data folder: its socket's would have {length} bytes and the limit is " +
                $"{LongestSocketPath}; name a shorter one with --data.",
                ExitCode.Usage);
        return folder;
    }

    /// <summary>Makes the folder, for its owner alone; refuses a network file system, where locks and fsync don't hold.</summary>
    public void Prepare()
    {
        try
        {
            foreach (var folder in new[] { Path, Services, Logs, Tokens, Run })
                Directory.CreateDirectory(folder, OwnerOnly);
            if (!File.Exists(Secrets))
                AtomicFile.Write(Secrets, "{}\n"u8);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"the data folder {Path} can't be made ({problem.Message}); name another with --data.", ExitCode.Usage);
        }

        if (NetworkFileSystem(Path) is { } kind)
            throw new MeshException(
                $"the data folder {Path} lies on a network file system ({kind}), where a broker can't be durable; name a local one with --data.",
                ExitCode.Usage);
    }

    private static string? NetworkFileSystem(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return drive.DriveType is DriveType.Network ? drive.DriveFormat : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A mount that can't be asked is not known to be remote; the broker asks again for its own folder.
            return null;
        }
    }
}
