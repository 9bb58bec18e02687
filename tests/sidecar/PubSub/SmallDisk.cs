using System.Diagnostics;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>A tmpfs of four megabytes, mounted for a test; where that isn't allowed the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Size = 4 << 20;
    private readonly DirectoryInfo _parent = SidecarUnderTest.NewFolder();

    private SmallDisk() => Folder = _parent.CreateSubdirectory("small");

    public DirectoryInfo Folder { get; }

    private string Ballast => Path.Combine(Folder.FullName, "ballast");

    public static SmallDisk Mount()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small tmpfs needs root on Linux");
        var disk = new SmallDisk();
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", disk.Folder.FullName) == 0, "mounting a tmpfs is not allowed here");
        return disk;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var ballast = File.OpenHandle(Ballast, FileMode.OpenOrCreate, FileAccess.Write);
        var page = new byte[4096];
        try
        {
            for (var at = 0L; at < Size; at += page.Length)
            {
                RandomAccess.Write(ballast, page, at);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", Folder.FullName).ShouldBe(0);
        _parent.Delete(recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
