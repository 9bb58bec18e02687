using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Tests.Supervision;

public class SidecarRunnerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Death_OfASidecar_IsSaidAndFollowedByAnother()
    {
        var starter = new FakeSidecars();
        var said = new List<string>();
        await using var runner = Runner(starter, said.Add);
        await runner.StartAsync(Token);

        starter.Started[0].End("was ended by SIGKILL");

        await Eventually.TrueAsync(() => starter.Started.Count == 2 && runner.Running, Patience);
        runner.Restarts.ShouldBe(1);
        runner.Problem.ShouldBeNull();
        said.ShouldBe(["the sidecar of staffing was ended by SIGKILL; it starts again in 0.5 s, and 'mesh logs staffing' tells more."]);
        await runner.ReadyAsync(Token);
    }

    [Fact]
    public async Task Start_ThatFailsAtFirst_Throws_AndLaterIsTriedAgain()
    {
        var starter = new FakeSidecars { Fault = "pubsub.yaml:3: broken" };
        await using var runner = Runner(starter, _ => { });
        (await Should.ThrowAsync<SidecarException>(() => runner.StartAsync(Token))).Message.ShouldBe("pubsub.yaml:3: broken");
        runner.Running.ShouldBeFalse();
        starter.Fault = null;
        await runner.StartAsync(Token);

        starter.Fault = "pubsub.yaml:4: broken";
        starter.Started[0].End("has failed");
        await Eventually.TrueAsync(() => runner.Problem?.Contains("pubsub.yaml:4") is true, Patience);
        starter.Fault = null;

        await Eventually.TrueAsync(() => runner.Running, Patience);
        runner.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Stop_WhileItIsToStartAgain_Ends()
    {
        var starter = new FakeSidecars();
        await using var runner = Runner(starter, _ => { });
        await runner.StartAsync(Token);
        starter.Started[0].End("died");
        await Eventually.TrueAsync(() => runner.Problem is not null, Patience);

        await runner.StopAsync(Token).WaitAsync(Patience, Token);

        runner.Problem.ShouldBeNull();
        runner.Running.ShouldBeFalse();
        await runner.StartAsync(Token);
        runner.Running.ShouldBeTrue();
    }

    private static SidecarRunner Runner(FakeSidecars starter, Action<string> report) =>
        new(new SidecarPlan("staffing", new SidecarOptions { AppId = "staffing" }), starter, report, TimeProvider.System);
}
