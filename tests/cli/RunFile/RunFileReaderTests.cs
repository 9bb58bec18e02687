using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Tests.Generate;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.RunFile;

public sealed class RunFileReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ThisRepositorysFile_NamesEachServiceWithItsCommand()
    {
        var apps = RunFileReader.Read(Path.Combine(Repository.Root, "dapr", "dapr.yaml"));

        apps.Select(app => app.AppId).ShouldBe(
            ServiceFolders.In(Repository.Root).Where(folder => File.Exists(Path.Combine(Repository.Root, folder, "asyncapi.yaml")))
                .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));
        foreach (var app in apps)
        {
            app.Folder.ShouldBe(ServiceFolders.Of(Repository.Root, app.AppId));
            if (Directory.GetFiles(app.Folder, "*.csproj").Length > 0)
                app.Command.ShouldBe(["./bin/" + app.AppId]);
            app.AppHealth.ShouldNotBeNull().Path.ShouldBe("/healthz");
        }
    }

    [Fact]
    public void Read_CommonAndOwnSettings_OwnOnesWin()
    {
        var app = Read("""
            version: 1
            common:
              logLevel: debug
              enableAppHealthCheck: true
              appHealthProbeInterval: 2
              appHealthThreshold: 9
              env: {A: common, B: common}
              resourcesPath: ../components/redis
            apps:
              - appDirPath: ../services/one
                logLevel: warn
                appHealthProbeInterval: 7
                env: {B: own}
                command: [./bin/one, --fast]
            """).ShouldHaveSingleItem();

        app.AppId.ShouldBe("one");
        app.Folder.ShouldBe(Path.Combine(_folder.Path, "services", "one"));
        app.Command.ShouldBe(["./bin/one", "--fast"]);
        app.LogLevel.ShouldBe("warn");
        app.AppHealth.ShouldNotBeNull().Interval.ShouldBe(TimeSpan.FromSeconds(7));
        app.AppHealth.Threshold.ShouldBe(9);
        app.Environment.ShouldBe(new Dictionary<string, string> { ["A"] = "common", ["B"] = "own" });
        app.ResourcesPaths.ShouldBe([Path.Combine(_folder.Path, "components", "redis")]);
    }

    [Theory]
    [InlineData("version: 1\napps:\n  - appID: [\n", "dapr.yaml:4:1")]
    [InlineData("version: 1\napps: five\n", "dapr.yaml:2: 'apps' must be a list")]
    [InlineData("version: 2\napps: []\n", "dapr.yaml:1: 'version' must be 1")]
    [InlineData("version: 1\napps: []\n", "'apps' names no app")]
    [InlineData("version: 1\napps:\n  - appID: a\n    appDirPath: x\n", "dapr.yaml:3: 'command' is missing")]
    [InlineData("version: 1\napps:\n  - appID: a\n    appDirPth: x\n", "dapr.yaml:4: unknown field 'appDirPth' (did you mean 'appDirPath'?)")]
    [InlineData("version: 1\ncommon:\n  appHealthThreshold: many\n  enableAppHealthCheck: true\napps:\n  - {appDirPath: x, command: [a]}\n", "dapr.yaml:3: 'appHealthThreshold' must be a whole number")]
    [InlineData("version: 1\napps:\n  - {appDirPath: x, command: [a]}\n  - {appDirPath: x, command: [a]}\n", "dapr.yaml:4: app 'x' is there twice")]
    [InlineData("", "dapr.yaml:1: expected one YAML mapping")]
    public void Read_ABrokenFile_NamesFileAndLine(string yaml, string message)
    {
        var problem = Should.Throw<MeshException>(() => Read(yaml));

        problem.Message.ShouldContain(message);
        problem.ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public void Read_NoFile_TellsWhoWritesIt() =>
        Should.Throw<MeshException>(() => RunFileReader.Read(Path.Combine(_folder.Path, "none.yaml"))).Message.ShouldContain("mesh generate");

    private IReadOnlyList<RunApp> Read(string yaml) => RunFileReader.Read(_folder.Write("dapr/dapr.yaml", yaml));
}
