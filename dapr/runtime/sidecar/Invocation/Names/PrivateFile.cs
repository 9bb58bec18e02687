namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>Files that are the user's own: the names database and its token.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes folder and file where they are missing, for the user alone. A file that everybody may write to is refused: whoever
    /// writes into the names decides where calls go. Throws <see cref="SidecarException"/>.</summary>
    public static void Prepare(string path)
    {
        MakeFolder(path);
        if (!File.Exists(path))
        {
            TryCreate(path, []);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != UnixFileMode.None)
        {
            throw new SidecarException($"The names database {path} can be written by everybody. Take that away: chmod o-w '{path}'.");
        }
    }

    public static void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>Makes a file with this content, mode 600, whole from its first moment; false where one is there already.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Own;
        }

        try
        {
            using (var file = new FileStream(beside, options))
            {
                file.Write(content);
            }

            File.Move(beside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
