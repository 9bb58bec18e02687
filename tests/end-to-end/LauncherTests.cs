using System.Diagnostics;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>The launcher in a clone of empty sources, with a `dotnet` that only writes down what it was asked to do.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string FakeSdk = """
        #!/bin/sh
        echo "$@" >>"$CALLS"
        case $1 in
          --version) echo 10.0.100; exit ${SDK_EXIT:-0} ;;
          publish)
            sleep ${BUILD_TIME:-0}
            [ -z "$BUILD_FAILS" ] || { echo "Program.cs(1,1): error CS0000: broken"; exit 1; }
            for word; do case $word in -p:PublishDir=*) out=${word#*=} ;; esac; done
            mkdir -p "$out" && printf '#!/bin/sh\necho "ran $*"\nexit 7\n' >"$out/mesh" && chmod +x "$out/mesh" ;;
        esac
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("mesh-launcher-").FullName;
    private readonly string _calls;

    public LauncherTests()
    {
        _calls = Path.Combine(_root, "calls");
        foreach (var folder in new[] { "dapr/runtime/broker", "dapr/runtime/sidecar", "dapr/runtime/cli", "dapr/runtime/sdk", "dapr/runtime/launcher", "services/contracts" })
            Write(folder + "/Source.cs", "");
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
            Write(file, "");
        Write("sdk/dotnet", FakeSdk);
        File.Copy(Path.Combine(Repository.Root, "mesh"), Path.Combine(_root, "mesh"));
        foreach (var program in new[] { "mesh", "sdk/dotnet" })
            File.SetUnixFileMode(Path.Combine(_root, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Run_FirstTime_BuildsAndHandsOverArgumentsAndExitCode()
    {
        var ran = await RunAsync("status", "--json");

        ran.Code.ShouldBe(7);
        ran.Out.ShouldBe("ran status --json");
        ran.Error.ShouldContain("mesh: building the mesh command");
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task Run_NothingChanged_AsksTheSdkNothingAndTakesTensOfMilliseconds()
    {
        await RunAsync("status");
        File.Delete(_calls);

        // The best of some: a busy machine must not fail what measures the launcher.
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var began = Stopwatch.GetTimestamp();
            (await RunAsync("status")).Code.ShouldBe(7);
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }

        File.Exists(_calls).ShouldBeFalse();
        best.ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("new")]
    [InlineData("deleted")]
    public async Task Run_AfterASource_WasTouched_BuildsAgain(string how)
    {
        Write("dapr/runtime/broker/Other.cs", "");
        await RunAsync("status");
        if (how == "deleted")
            File.Delete(Path.Combine(_root, "dapr/runtime/broker/Other.cs"));
        else
            Write(how == "new" ? "dapr/runtime/sidecar/deep/New.cs" : "dapr/runtime/broker/Other.cs", "class Changed;");

        await RunAsync("status");

        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task Run_TwoAtOnce_WaitForOneBuild()
    {
        var environment = new Dictionary<string, string> { ["BUILD_TIME"] = "1" };
        await using var one = Start(environment, "status");
        await using var two = Start(environment, "status");

        var ran = await Task.WhenAll(one.EndAsync(Patience), two.EndAsync(Patience));

        ran.ShouldAllBe(each => each.Code == 7);
        Builds().ShouldBe(1);
        (ran[0].Error + ran[1].Error).ShouldContain("waiting for another build");
    }

    [Fact]
    public async Task Run_AFailingBuild_ShowsItsErrorsAndKeepsNothing()
    {
        var failed = await RunAsync(new Dictionary<string, string> { ["BUILD_FAILS"] = "1" }, "status");

        failed.Code.ShouldBe(1);
        failed.Error.ShouldContain("error CS0000: broken");
        (await RunAsync("status")).Code.ShouldBe(7);
        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task Run_WithoutAnSdk_SaysWhatToInstall()
    {
        var ran = await RunAsync(new Dictionary<string, string> { ["PATH"] = PathWithoutSdk() }, "status");

        ran.Code.ShouldBe(1);
        ran.Error.Split('\n').Length.ShouldBe(1, ran.Error);
        ran.Error.ShouldContain("no 'dotnet' on the PATH");
        ran.Error.ShouldContain("install the .NET SDK");
    }

    [Fact]
    public async Task Run_WithAnSdkThatIsTooOld_SaysWhatToInstall()
    {
        var ran = await RunAsync(new Dictionary<string, string> { ["SDK_EXIT"] = "145" }, "status");

        ran.Code.ShouldBe(1);
        ran.Error.ShouldContain("too old");
        ran.Error.ShouldContain("install the .NET SDK");
    }

    [Fact]
    public async Task Run_UpOnly_BuildsServices()
    {
        await RunAsync("status");
        (await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken)).ShouldNotContain("Services.csproj");

        await RunAsync("up", "--help");
        (await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken)).ShouldNotContain("Services.csproj");

        await RunAsync("up");
        (await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken)).ShouldContain("Services.csproj");
    }

    [Fact]
    public async Task Run_BuildServices_BuildsOneProjectOrNoneAndNotesThatAllIsUpToDate()
    {
        foreach (var file in new[] { "asyncapi.yaml", "package.json" })
            Write("services/two/" + file, "");
        await RunAsync("status");
        (await RunAsync("build-services")).Code.ShouldBe(0);
        await ChangeAsync("dapr/runtime/sdk/Source.cs", "class Changed;");

        (await RunAsync("build-services", "services/one")).Code.ShouldBe(0);

        (await File.ReadAllLinesAsync(_calls, TestContext.Current.CancellationToken))[^1].ShouldStartWith($"build {_root}/services/one ");
        File.Delete(_calls);
        (await RunAsync("build-services")).Code.ShouldBe(0);
        await ChangeAsync("dapr/runtime/sdk/Source.cs", "class ChangedAgain;");
        (await RunAsync("build-services", "none")).Code.ShouldBe(0);
        (await RunAsync("up")).Code.ShouldBe(7);
        (File.Exists(_calls) ? await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken) : "").ShouldBeEmpty();
    }

    private int Builds() => File.ReadAllLines(_calls).Count(line => line.StartsWith("publish", StringComparison.Ordinal));

    private Task<Ran> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), args);

    private async Task<Ran> RunAsync(Dictionary<string, string> environment, params string[] args)
    {
        await using var run = Start(environment, args);
        return await run.EndAsync(Patience);
    }

    private Running Start(Dictionary<string, string> environment, params string[] args) => Running.Start(
        Path.Combine(_root, "mesh"),
        args,
        new Dictionary<string, string>
        {
            ["PATH"] = Path.Combine(_root, "sdk") + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["CALLS"] = _calls,
        }.Concat(environment).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value));

    /// <summary>The tools that a launcher needs, and no SDK.</summary>
    private string PathWithoutSdk()
    {
        var tools = Path.Combine(_root, "tools");
        Directory.CreateDirectory(tools);
        foreach (var name in new[] { "sh", "find", "cksum", "dirname", "readlink", "mkdir", "rm", "mv", "flock" })
        {
            var found = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (found is not null)
                File.CreateSymbolicLink(Path.Combine(tools, name), found);
        }

        return tools;
    }

    /// <summary>Writes at a time that the file system tells from the last build's; its clock ticks every few milliseconds.</summary>
    private async Task ChangeAsync(string file, string content)
    {
        var built = File.GetLastWriteTimeUtc(Path.Combine(_root, "artifacts", "launcher", "services"));
        do
        {
            await Task.Yield();
            Write(file, content);
        }
        while (File.GetLastWriteTimeUtc(Path.Combine(_root, file)) <= built);
    }

    private void Write(string file, string content)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
