using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>`mesh up --watch` with the real launcher, and an SDK whose compiler copies.</summary>
[Trait("Category", "Slow")]
public sealed class WatchTests : IDisposable
{
    private const string FakeSdk = """
        #!/bin/sh
        echo "$@" >>"$CALLS"
        cd "${0%/*}/.."
        case $1 in
          --version) echo 10.0.100 ;;
          build)
            if grep -q broken services/one/Program.cs; then
              echo "$PWD/services/one/Program.cs(1,1): error CS0000: broken [$PWD/services/one/One.csproj]"
              exit 1
            fi
            mkdir -p services/one/bin && cp services/one/Program.cs services/one/bin/next && chmod +x services/one/bin/next && mv services/one/bin/next services/one/bin/one ;;
        esac
        """;

    private readonly SmallClone _clone = new("version: 1\napps:\n" +
        "  - {appID: one, appDirPath: ../services/one, command: [./bin/one]}\n" +
        "  - {appID: two, appDirPath: ../services/two, command: [sh, index.js]}\n");

    private readonly string _calls;

    public WatchTests()
    {
        _calls = Path.Combine(_clone.Root, "calls");
        File.Copy(Path.Combine(Repository.Root, "mesh"), Path.Combine(_clone.Root, "mesh"));
        Write("sdk/dotnet", FakeSdk);
        foreach (var program in new[] { "mesh", "sdk/dotnet" })
            File.SetUnixFileMode(Path.Combine(_clone.Root, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var service in new[] { "one", "two" })
            Write($"services/{service}/asyncapi.yaml", "asyncapi: 3.0.0\ninfo: {title: x}\n");
        Write("services/one/One.csproj", "<Project/>");
        Write("services/two/package.json", "{}");
        Write("services/one/Program.cs", Program("one is at 1"));
        Write("services/two/index.js", Program("two is at 1"));
    }

    private Dictionary<string, string> Environment => new()
    {
        ["PATH"] = Path.Combine(_clone.Root, "sdk") + ":" + System.Environment.GetEnvironmentVariable("PATH"),
        ["CALLS"] = _calls,
    };

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task Change_OfASource_TakesEffect_AndABrokenOneLeavesWhatRan()
    {
        await using var mesh = await UpAsync();
        await SaidAsync(mesh, "one is at 1");

        Write("services/one/Program.cs", Program("one is at 2"));
        await SaidAsync(mesh, "one is at 2");
        await ToldAsync(mesh, "one runs anew");

        var pid = (await mesh.StatusAsync("one")).GetProperty("pid").GetInt32();
        Write("services/one/Program.cs", "broken");
        await ToldAsync(mesh, "    services/one/Program.cs(1,1): error CS0000: broken");
        (await mesh.StatusAsync("one")).GetProperty("pid").GetInt32().ShouldBe(pid);

        // What needs no build starts again all the same, and nothing is built for it but what is owed.
        Write("services/two/index.js", Program("two is at 2"));
        await SaidAsync(mesh, "two is at 2");

        Write("services/one/Program.cs", Program("one is at 3"));
        await SaidAsync(mesh, "one is at 3");
        await Eventually.TrueAsync(
            async () => (await mesh.StatusAsync("one")).GetProperty("state").GetString() == "healthy", Mesh.ToReact, "one's health");

        // The launcher agrees that all is up to date.
        var calls = await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken);
        await using var again = Running.Start(Path.Combine(_clone.Root, "mesh"), ["build-services"], Environment);
        (await again.EndAsync(Mesh.ToReact)).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(_calls, TestContext.Current.CancellationToken)).ShouldBe(calls);
    }

    [Fact]
    public async Task Change_WhoseRestartIsRefused_IsSaid_AndTheNextOneIsStillSeen()
    {
        await using var mesh = await UpAsync();
        await SaidAsync(mesh, "two is at 1");
        Write("components/embedded/broken.yaml", "kind: [");

        Write("services/two/index.js", Program("two is at 2"));
        await ToldAsync(mesh, "two does not start again (");

        // The one that was refused starts with the next change, whoever's that is.
        File.Delete(Path.Combine(_clone.Root, "components/embedded/broken.yaml"));
        Write("services/one/Program.cs", Program("one is at 2"));
        await SaidAsync(mesh, "one is at 2");
        await SaidAsync(mesh, "two is at 2");

        mesh.Host.Signal("INT");
        (await mesh.Host.EndAsync(Mesh.ToEnd)).Code.ShouldBe(0, mesh.Host.Everything);
    }

    private async Task<Mesh> UpAsync()
    {
        await using var build = Running.Start(Path.Combine(_clone.Root, "mesh"), ["build-services"], Environment);
        (await build.EndAsync(Mesh.ToReact)).Code.ShouldBe(0);
        return await new Mesh(_clone.Program, Environment).UpAsync("--watch");
    }

    private static string Program(string says) => $"#!/bin/sh\necho '{says}'\nexec ../../dapr/runtime/cli/bin/mesh bare-kestrel\n";

    private static Task SaidAsync(Mesh mesh, string text) =>
        Eventually.TrueAsync(() => mesh.Host.Out.Any(line => line.Contains(text, StringComparison.Ordinal)), Mesh.ToReact, $"'{text}' in\n{mesh.Host.Everything}");

    private static Task ToldAsync(Mesh mesh, string text) =>
        Eventually.TrueAsync(() => mesh.Host.Error.Any(line => line.Contains(text, StringComparison.Ordinal)), Mesh.ToReact, $"'{text}' in\n{mesh.Host.Everything}");

    private void Write(string file, string content)
    {
        var path = Path.Combine(_clone.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
