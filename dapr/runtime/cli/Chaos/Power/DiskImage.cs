namespace HmsMesh.Cli.Chaos.Power;

/// <summary>The files of a folder, as bytes by name.</summary>
internal sealed class DiskImage(IReadOnlyDictionary<string, byte[]> files)
{
    /// <summary>Held by the kernel for a process: no power cut leaves anything of it that counts.</summary>
    private const string LockFile = "lock";

    public static DiskImage Empty { get; } = new(new Dictionary<string, byte[]>(StringComparer.Ordinal));

    public IReadOnlyDictionary<string, byte[]> Files { get; } = files;

    public static DiskImage Read(string folder) => new(Directory.EnumerateFiles(folder)
        .Where(static path => Path.GetFileName(path) != LockFile)
        .ToDictionary(static path => Path.GetFileName(path), File.ReadAllBytes, StringComparer.Ordinal));

    /// <summary>Makes the folder hold these files and no others.</summary>
    public void WriteTo(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in Files)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
    }
}
