using System.ComponentModel;
using System.Diagnostics;
using HmsMesh.Cli.New;
using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.New;

/// <summary>A service in Node or Python as `mesh new` makes it: its own test runs by its language's runner, with nothing installed.</summary>
public sealed class NewScriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TestClone _clone = TestClone.OfTwo();

    public NewScriptTests()
    {
        _clone.Write("HmsMesh.sln", "");
        _clone.Service("claims", says: ["claim.approved"]);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "services", "kit"), "*.*", SearchOption.AllDirectories)
            .Where(file => (Path.GetExtension(file) is ".js" or ".py" || Path.GetFileName(file) == "package.json") && !file.Contains("node_modules", StringComparison.Ordinal)))
            _clone.Write(Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file));
        _clone.Generate().ShouldBe(ExitCode.Done);
    }

    public void Dispose() => _clone.Dispose();

    [Theory]
    [InlineData("node", "# pass 2", "return [];", "return [['weather.capacity.noted', { eventId: event.id }]];")]
    [InlineData("python", "Ran 2 tests", "return []", "return [(\"weather.capacity.noted\", {\"eventId\": event[\"id\"]})]")]
    public async Task New_InAnotherLanguage_ItsTestPassesAndFailsWhereTheServiceIsWrong(string language, string passed, string wrong, string right)
    {
        NewCommand.Run(
            new MeshContext { Root = _clone.Root, Out = _clone.Out, Error = _clone.Error }, "weather", ["afrh.capacity.low", "claim.approved"], "weather.capacity.noted", language)
            .ShouldBe(ExitCode.Done, _clone.Error.ToString());
        var command = _clone.Out.ToString().Split('\'').Single(part => part.StartsWith("(cd ", StringComparison.Ordinal));

        var (code, output) = await RunAsync(command, language);
        code.ShouldBe(0, output);
        output.ShouldContain(passed);

        var program = language == "node" ? "services/weather/index.js" : "services/weather/service.py";
        _clone.Write(program, _clone.Read(program).Replace(right, wrong, StringComparison.Ordinal));
        (await RunAsync(command, language)).Code.ShouldNotBe(0);
    }

    private async Task<(int Code, string Output)> RunAsync(string command, string language)
    {
        SkipWithout(language == "node" ? "node" : "python3");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command])
        {
            WorkingDirectory = _clone.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_TEST_CONTEXT"] = null, ["NODE_PATH"] = null },
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static void SkipWithout(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not there: install it");
        }
    }
}
