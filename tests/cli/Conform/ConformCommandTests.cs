using System.Diagnostics;
using System.Text.Json;
using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.Conform;

/// <summary>`mesh conform`, over this repository's scenarios.</summary>
public class ConformCommandTests
{
    private static readonly string Own = $"{Path.Combine(Repository.Root, "dapr", "runtime", "cli", "bin", "mesh")} sidecar";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sttae", "did you mean 'state'")]
    [InlineData("state/nothing", "'state/nothing'")]
    [InlineData("--jobs|0", "--jobs")]
    [InlineData("--redis|nowhere", "--redis")]
    [InlineData("--sidecar|/nowhere/daprd", "/nowhere/daprd")]
    public async Task Conform_WrongUsage_IsNamed(string arguments, string said)
    {
        var (code, _, error) = await RunAsync(arguments.Split('|'));
        code.ShouldBe(2);
        error.ShouldContain(said);
    }

    [Fact]
    public async Task Conform_WhatItNeedsIsNotThere_IsSkippedWithTheRemedy()
    {
        var (code, said, error) = await RunAsync("mtls", "--sentry", "/nowhere/sentry", "--sidecar", "true");
        code.ShouldBe(0, error);
        said.ShouldContain("5 skipped: needs sentry, which is not there: put Dapr's sentry on the PATH, or name one with --sentry CMD.");
    }

    [Fact]
    public async Task Conform_SidecarThatDoesAnotherThing_ListsTheFirstDifferences()
    {
        var (code, said, error) = await RunAsync("state/no-store", "--sidecar", "false");
        code.ShouldBe(1, error);
        said.ShouldContain("state/no-store differs:");
        said.ShouldContain("ended with 1");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Conform_OwnSidecarAsJson_IsAsRecorded()
    {
        var (code, said, error) = await RunAsync("state/no-store", "security/api-token", "--json", "-v", "--sidecar", Own);
        code.ShouldBe(0, said);
        error.ShouldContain("state/no-store");
        var matrix = JsonElement.Parse(said);
        matrix.GetProperty("sidecar").GetString().ShouldBe(Own);
        matrix.GetProperty("groups").EnumerateArray().Select(static group => group.GetProperty("name").GetString()).ShouldBe(["security", "state"]);
        matrix.GetProperty("scenarios").EnumerateArray().ShouldAllBe(static scenario => scenario.GetProperty("outcome").GetString() == "AsRecorded");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Conform_Interrupted_EndsEveryChild()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked for in /proc");
        var mark = Guid.NewGuid().ToString("N");

        // A runner that was started in the background ignores SIGINT, and what it starts would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "mesh")]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "conform", "state", "startup", "-v", "--sidecar", $"{Own} --placement-host-address {mark}" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            (await process.StandardOutput.ReadLineAsync(Token)).ShouldNotBeNull();
            using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            {
                await kill.WaitForExitAsync(Token);
            }

            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            process.ExitCode.ShouldBe(130);
            await Eventually.TrueAsync(() => !Running(mark), TimeSpan.FromSeconds(20));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static bool Running(string mark) => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var context = new MeshContext { Root = Repository.Root, Out = new StringWriter(), Error = new StringWriter() };
        var code = await HmsMesh.Cli.Commands.RunAsync(["conform", .. arguments], context, Token);
        return (code, context.Out.ToString()!, context.Error.ToString()!);
    }
}
