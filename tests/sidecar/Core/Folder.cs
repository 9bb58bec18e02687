namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>A fresh folder with files in it; gone with its test.</summary>
internal sealed class Folder : IDisposable
{
    public Folder(Dictionary<string, string>? files = null)
    {
        Path = Directory.CreateTempSubdirectory("core-").FullName;
        foreach (var (name, text) in files ?? [])
        {
            File.WriteAllText(At(name), text);
        }
    }

    public string Path { get; }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
