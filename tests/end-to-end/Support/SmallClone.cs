using System.Diagnostics;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>A clone of a few files: the built mesh command, a broker's folder and a run file of the test's own.</summary>
internal sealed class SmallClone : IDisposable
{
    public SmallClone(string runFile)
    {
        Root = Directory.CreateTempSubdirectory("mesh-clone-").FullName;
        Write("HmsMesh.sln", "");
        Write("dapr/dapr.yaml", runFile);
        Directory.CreateDirectory(Path.Combine(Root, "components", "embedded"));
        Directory.CreateDirectory(Path.Combine(Root, "services", "one"));
        Directory.CreateDirectory(Path.Combine(Root, "dapr", "runtime", "cli"));
        var version = new ProcessStartInfo(Path.Combine(Repository.Root, "mesh"), ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using (var build = Process.Start(version)!)
        {
            build.StandardOutput.ReadToEnd();
            build.WaitForExit();
        }

        using var copy = Process.Start("cp", ["-r", Path.Combine(Repository.Root, "dapr", "runtime", "cli", "bin"), Path.Combine(Root, "dapr", "runtime", "cli")]);
        copy.WaitForExit();
    }

    public string Root { get; }

    /// <summary>A service that does nothing, and is healthy.</summary>
    public static string Healthy => "../../dapr/runtime/cli/bin/mesh, bare-kestrel";

    public string Program => Path.Combine(Root, "dapr", "runtime", "cli", "bin", "mesh");

    public static string RunFile(params string[] commands) =>
        "version: 1\napps:\n" + string.Concat(commands.Select((command, at) =>
            $"  - appID: app{at}\n    appDirPath: ../services/one\n    command: [{command}]\n"));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public void Write(string file, string content)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
