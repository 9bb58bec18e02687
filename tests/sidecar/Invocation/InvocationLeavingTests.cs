using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>An app that is told to end: it may still call, and nobody's call of it fails. And one that stays keeps its name.</summary>
public class InvocationLeavingTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_WhileTheAppDrains_StillFindsWhomItNeverCalledBefore(bool host)
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.Of(host);
        var (draining, caller) = await mesh.StartAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        await draining.StopDeliveriesAsync(Token);

        (await caller.GetStringAsync(Call, Token)).ShouldBe("hi");
    }

    [Fact]
    public async Task Invoke_InstanceThatLeaves_PassesTheCallOn()
    {
        await using var one = await CallApp.SayingAsync("1");
        await using var two = await CallApp.SayingAsync("2");
        await using var mesh = CallMesh.ByFile();
        var (leaving, itself) = await mesh.StartAsync("callee", one.Port);
        var caller = await mesh.AddAsync("caller");
        (await caller.GetStringAsync(Call, Token)).ShouldBe("1");
        var address = NamesTable.Addresses(mesh.NamesFile, "callee").Single();
        await mesh.AddAsync("callee", two.Port);
        await leaving.StopDeliveriesAsync(Token);
        var before = one.Calls;

        // As somebody has it in mind who read the names a moment ago.
        NamesTable.Add(mesh.NamesFile, "callee", address);
        var other = await mesh.AddAsync("other");
        for (var i = 0; i < 10; i++)
        {
            (await caller.GetStringAsync(Call, Token)).ShouldBe("2");
            (await other.GetStringAsync(Call, Token)).ShouldBe("2");
        }

        one.Calls.ShouldBe(before);
        (await itself.GetStringAsync(Call, Token)).ShouldBe("1", "its own calls of itself go on");
    }

    [Fact]
    public async Task Name_OfASidecarThatRuns_IsRenewedTwiceBeforeItExpires()
    {
        var time = new ManualTime();
        await using var host = await CoreHost.StartAsync([], options => options with { AppId = "callee" }, time);
        var names = Path.Combine(host.Sidecar.Options.DataPath, "names.db");
        await UntilAsync(() => File.Exists(names) && NamesTable.Addresses(names, "callee").Count == 1, time, TimeSpan.Zero);
        var half = TimeSpan.FromSeconds(2);
        NamesTable.Age(names, "callee", seconds: 4);

        // One that waits the whole time would be gone before it comes, on a machine that is busy for a second.
        await UntilAsync(() => NamesTable.AgeOf(names, "callee") < 4, time, half);
        NamesTable.Addresses(names, "callee").ShouldHaveSingleItem();
    }

    /// <summary>Moves the clock by so much once, and looks on.</summary>
    private static async Task UntilAsync(Func<bool> holds, ManualTime time, TimeSpan move)
    {
        using var patience = Patience.Of(Token);
        time.Advance(move);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
