using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Commands;

public class CommandTests
{
    [Theory]
    [InlineData(ExitCode.Usage, "there is no command 'pubish' (did you mean 'publish'?)", "pubish")]
    [InlineData(ExitCode.Usage, "TOPIC is missing: ", "publish")]
    [InlineData(ExitCode.Usage, "N is missing: 1 to 16", "scale", "staffing")]
    [InlineData(ExitCode.Usage, "N is a number of instances, 1 to 16, not 'x'", "scale", "staffing", "x")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "status")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "down")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "stop", "staffing")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "watch", "afrh.*")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "call", "capacity", "GET", "/healthz")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "publish", "afrh.capacity.low", "{\"bedsFree\":4}")]
    [InlineData(ExitCode.NotRunning, "no mesh is running", "logs", "-f")]
    [InlineData(ExitCode.Usage, "no service has a contract for 'afrh.capacity.lo' (did you mean 'afrh.capacity.low'?)", "publish", "afrh.capacity.lo", "{}")]
    [InlineData(ExitCode.ContractBroken, "/bedsFree", "publish", "afrh.capacity.low", "{\"bedsFree\":\"four\"}")]
    [InlineData(ExitCode.ContractBroken, "breaks the contract of afrh.capacity.low", "publish", "afrh.capacity.low", "{\"bedsFree\":4} trailing")]
    [InlineData(ExitCode.Usage, "there is no service 'stafing' (did you mean 'staffing'?)", "up", "stafing")]
    [InlineData(ExitCode.Usage, "there is no broker 'embeded'", "up", "--broker", "embeded")]
    [InlineData(ExitCode.Usage, "--port takes SERVICE=PORT, not 'journey'", "up", "--port", "journey")]
    [InlineData(ExitCode.Usage, "--port names 'nobody'", "up", "--port", "nobody=21000")]
    [InlineData(ExitCode.Usage, "was not made by a mesh", "reset", "--yes")]
    public async Task Run_WhatCantBeDone_SaysWhyAndExitsAsDocumented(int code, string message, params string[] args)
    {
        using var mesh = new Mesh();

        (await mesh.RunAsync(args)).ShouldBe(code, mesh.Error.ToString());

        mesh.Error.ToString().ShouldStartWith("mesh: ");
        mesh.Error.ToString().ShouldContain(message);
        mesh.Out.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_OfEveryCommand_IsThere()
    {
        using var all = new Mesh();
        foreach (var command in HmsMesh.Cli.Commands.Create(new MeshContext { Root = all.Root }).Subcommands.Where(one => one.Name != "sidecar"))
        {
            using var mesh = new Mesh();
            var context = new MeshContext { Root = mesh.Root, Out = mesh.Out, Error = mesh.Error };
            (await HmsMesh.Cli.Commands.RunAsync([command.Name, "--help"], context, TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Done);
            mesh.Out.ToString().ShouldContain(command.Description!);
        }
    }

    [Fact]
    public async Task Run_NothingAsked_ShowsWhatThereIs()
    {
        using var mesh = new Mesh();
        var context = new MeshContext { Root = mesh.Root, Out = mesh.Out, Error = mesh.Error };

        (await HmsMesh.Cli.Commands.RunAsync([], context, TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Done);

        mesh.Out.ToString().ShouldContain("publish <TOPIC> <JSON>");
        mesh.Error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("n", ExitCode.Failed, true)]
    [InlineData("", ExitCode.Failed, true)]
    [InlineData("y", ExitCode.Done, false)]
    public async Task Reset_Asks(string answer, int code, bool stays)
    {
        using var mesh = new Mesh { Input = answer + "\n" };
        var kept = Path.Combine(mesh.Data, "run", "kept");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        await File.WriteAllTextAsync(kept, "", TestContext.Current.CancellationToken);

        (await mesh.RunAsync("reset")).ShouldBe(code);

        File.Exists(kept).ShouldBe(stays);
    }
}
