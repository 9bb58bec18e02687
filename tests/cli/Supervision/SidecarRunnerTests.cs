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
        var starter = new Starter();
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
        var starter = new Starter { Fault = "pubsub.yaml:3: broken" };
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
        var starter = new Starter();
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

    private static SidecarRunner Runner(Starter starter, Action<string> report) =>
        new(new SidecarPlan("staffing", new SidecarOptions { AppId = "staffing" }), starter, report, TimeProvider.System);

    private sealed class Starter : ISidecarStarter
    {
        public List<Running> Started { get; } = [];

        public string? Fault { get; set; }

        public Task<ISidecar> StartAsync(SidecarPlan plan, CancellationToken cancellationToken)
        {
            if (Fault is { } fault)
                throw new SidecarException(fault);
            Started.Add(new Running());
            return Task.FromResult<ISidecar>(Started[^1]);
        }
    }

    private sealed class Running : ISidecar
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int? Pid => null;

        public Task<string> Ended => _ended.Task;

        public void End(string how) => _ended.TrySetResult(how);

        public Task<bool> ReadyAsync(CancellationToken cancellationToken) => Task.FromResult(!_ended.Task.IsCompleted);

        public Task StopDeliveriesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            End("was shut down");
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            End("was shut down");
            return ValueTask.CompletedTask;
        }
    }
}
