using HmsMesh.Cli.Test;

namespace HmsMesh.Cli.Tests.Test;

public sealed class TestCommandTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-test-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Run_AProjectThatIsNotThere_NamesThoseThatAre()
    {
        AddProject("broker", "");

        var problem = await Should.ThrowAsync<MeshException>(() => TestCommand.RunAsync(
            new TestOptions(_root.FullName, Quick: true, ["brocker"], Filter: null), TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken));

        problem.Message.ShouldContain("brocker");
        problem.Message.ShouldContain("broker");
        problem.ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Run_AnExecutableThatLeavesNoReport_CountsAsAFailure()
    {
        var project = AddProject("broker", "#!/bin/sh\nexit 0\n");

        (await RunAsync(project)).ShouldBe(TestTally.Broken);
    }

    [Fact]
    public async Task Run_AnExecutableThatFailsThoughNoTestDid_CountsAsAFailure()
    {
        var project = AddProject("broker", "#!/bin/sh\necho '<assemblies><assembly passed=\"2\" failed=\"0\" skipped=\"0\" errors=\"0\"/></assemblies>' > \"$4\"\nexit 3\n");

        (await RunAsync(project)).ShouldBe(new TestTally(2, 1, 0));
    }

    private async Task<TestTally> RunAsync(TestProject project)
    {
        var run = new TestRun(new TestOptions(_root.FullName, Quick: true, [], Filter: null), TextWriter.Null, TimeProvider.System);
        return await run.RunAsync(project, TestContext.Current.CancellationToken);
    }

    private TestProject AddProject(string folder, string executable)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root.FullName, "tests", folder, "bin"));
        var file = Path.Combine(path.Parent!.FullName, "HmsMesh.Broker.Tests.csproj");
        File.WriteAllText(file, "<Project />");
        var program = Path.Combine(path.FullName, "HmsMesh.Broker.Tests");
        File.WriteAllText(program, executable);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new TestProject(folder, file);
    }
}
