using System.Net;
using System.Net.Sockets;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class ErrorTests
{
    [Fact]
    public async Task Up_ABrokenRunFile_NamesFileAndLine()
    {
        using var clone = new SmallClone("version: 1\napps:\n  - appID: [\n");
        await using var mesh = new Mesh(clone.Program);

        var ran = await mesh.RunAsync("up");

        ran.Code.ShouldBe(2);
        ran.Error.ShouldContain("dapr/dapr.yaml:4:");
    }

    [Fact]
    public async Task Up_ATakenPortThatWasAskedFor_SaysSo()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy));
        await using var mesh = new Mesh(clone.Program);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var ran = await mesh.RunAsync("up", "--port", $"app0={port}");

        ran.Code.ShouldBe(5);
        ran.Error.ShouldContain($"port {port}, asked for app0, is taken");
    }

    [Fact]
    public async Task Up_AServiceThatDiesAtStart_ShowsItsLastLinesAndTheOthersRun()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy, "sh, -c, 'echo no such table; exit 7'"));
        await using var mesh = new Mesh(clone.Program);

        var up = await mesh.RunAsync("up", "--detach");

        up.Code.ShouldBe(1);
        up.Out.ShouldContain("app1 (");
        up.Out.ShouldContain("dapr.yaml:6) ended with exit code 7 before it was healthy");
        up.Out.ShouldContain("no such table");
        (await mesh.StatusAsync("app0")).GetProperty("state").GetString().ShouldBe("healthy");
        (await mesh.StatusAsync("app1")).GetProperty("restarts").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Up_AServiceWhoseProgramIsMissing_SkipsIt()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy, "no-such-program, x"));
        await using var mesh = new Mesh(clone.Program);

        await mesh.RunAsync("up", "--detach");

        var skipped = await mesh.StatusAsync("app1");
        skipped.GetProperty("state").GetString().ShouldBe("skipped");
        skipped.GetProperty("problem").GetString()!.ShouldContain("'no-such-program'");
        (await mesh.StatusAsync("app0")).GetProperty("state").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task Up_ABrokenResource_NamesFileAndLine()
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy));
        await File.WriteAllTextAsync(
            Path.Combine(clone.Root, "components", "embedded", "pubsub.yaml"),
            "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: pubsub}\nspec: {type: pubsub.nats, version: v1}\n",
            TestContext.Current.CancellationToken);
        await using var mesh = new Mesh(clone.Program);

        var ran = await mesh.RunAsync("up");

        ran.Code.ShouldBe(2);
        ran.Error.ShouldContain("pubsub.yaml");
        ran.Error.ShouldContain("pubsub.nats");
    }

    [Theory]
    [InlineData("pubsub.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: pubsub}\nspec: {type: pubsub.in-memory, version: v1}\na: [\n", "pubsub.yaml:6")]
    [InlineData("subscription.yaml", "apiVersion: dapr.io/v2alpha1\nkind: Subscription\n  metadata: x\n", "subscription.yaml:3")]
    [InlineData("resiliency.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {name: r}\nspec:\n  policies:\n    timeouts:\n      short: soon\n", "resiliency.yaml:7")]
    [InlineData("nospec.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: pubsub}\nspecs: {type: pubsub.in-memory, version: v1}\n", "nospec.yaml:1")]
    public async Task Up_WhatDaprWouldLeaveOut_IsRefusedWithItsLine(string file, string text, string place)
    {
        using var clone = new SmallClone(SmallClone.RunFile(SmallClone.Healthy));
        await File.WriteAllTextAsync(Path.Combine(clone.Root, "components", "embedded", file), text, TestContext.Current.CancellationToken);
        await using var mesh = new Mesh(clone.Program);

        foreach (var args in new[] { new[] { "up" }, ["up", "--detach"] })
        {
            var ran = await mesh.RunAsync(args);

            ran.Code.ShouldBe(2, ran.Error);
            ran.Error.ShouldContain(place);
            ran.Out.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task CtrlC_Twice_DoesNotWaitForAServiceThatDrainsForever()
    {
        using var clone = new SmallClone(SmallClone.RunFile("sh, -c, 'trap \"echo draining\" TERM; while :; do sleep 0.1; done'"));
        await using var mesh = new Mesh(clone.Program);
        await using var up = mesh.Start("up");
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(mesh.Data, "run", "children.json")), Mesh.ToReact, "the service's start");

        up.Signal("INT");
        await Eventually.TrueAsync(() => up.Error.Any(line => line.Contains("stopping", StringComparison.Ordinal)), Mesh.ToReact, "the first Ctrl-C");
        up.Signal("INT");

        (await up.EndAsync(TimeSpan.FromSeconds(8))).Code.ShouldBe(130);
    }
}
