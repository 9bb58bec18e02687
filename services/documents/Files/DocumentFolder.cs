using System.Security.Cryptography;
using HmsMesh.Kit;

namespace HmsMesh.Documents.Files;

/// <summary>The files, each named like its document. Only the service's own account may read them.</summary>
internal sealed class DocumentFolder
{
    private const int IdBytes = 16;
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public DocumentFolder(DocumentsSettings settings)
    {
        Path = settings.Folder;
        try
        {
            if (Directory.Exists(Path))
                return;
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(Path) : Directory.CreateDirectory(Path, Mine | UnixFileMode.UserExecute);
            Posix.SyncDirectory(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshConfigurationException($"Documents__Folder: {Path} cannot be made: {e.Message}");
        }
    }

    public string Path { get; }

    /// <summary>A new file, to be written. It is locked, so that nobody takes it for one that was left behind.</summary>
    public Draft Begin()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = Draft.BufferBytes,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Mine;
        return new Draft(id, this, new FileStream(PathOf(id), options));
    }

    public FileStream Open(string id) =>
        new(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read, Draft.BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>The names of all files, a few at a time; where there is another thing, it is none of ours.</summary>
    public IEnumerable<string[]> Ids(int atATime) =>
        Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f)).Where(IsId).Chunk(atATime);

    /// <summary>Holds the file as the one who writes it does; null where someone does, or where it is gone.</summary>
    public FileStream? Lock(string id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Delete(string id) => File.Delete(PathOf(id));

    public void Sync() => Posix.SyncDirectory(Path);

    private static bool IsId(string name) => name.Length == IdBytes * 2 && name.All(char.IsAsciiHexDigitLower);

    private string PathOf(string id) => System.IO.Path.Combine(Path, id);
}
