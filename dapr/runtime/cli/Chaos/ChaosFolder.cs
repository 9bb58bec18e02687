using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Chaos;

/// <summary>Where a chaos run works: a folder of its own in the data folder, gone afterwards; what is kept of a failure lies beside it.</summary>
internal sealed class ChaosFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private ChaosFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Where evidence of a failure is kept.</summary>
    public string Evidence => Path + ".failed";

    public static ChaosFolder Make(MeshContext context, string? data, string what)
    {
        var path = System.IO.Path.Combine(DataFolder.At(context.Root, data).Path, "chaos", $"{what}-{System.IO.Path.GetRandomFileName()[..6]}");
        Directory.CreateDirectory(path, OwnerOnly);
        return new ChaosFolder(path);
    }

    /// <summary>Keeps everything that is there now.</summary>
    public void Keep() => Directory.Move(Path, Evidence);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
