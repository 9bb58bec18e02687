namespace HmsMesh.EndToEnd.Tests.Support;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mesh-e2e-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
