using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Cli.Tests.Support;
using HmsMesh.Shared;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Tests.Supervision;

/// <summary>A service's instances, which are real processes; their sidecars are not.</summary>
public sealed class ServiceGroupTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeSidecars _sidecars = new();
    private readonly List<string> _gone = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly LogHub _hub;
    private readonly HealthProbe _probe = new(TimeProvider.System);
    private readonly ServiceGroup _group;

    public ServiceGroupTests()
    {
        _hub = new LogHub(_folder.Path, TimeProvider.System);
        _group = new ServiceGroup(Instance(1), Instance, gone => _gone.Add(gone.Plan.Label), _ending.Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _group.Instances[0].StartAsync(Token);
        await _group.Instances[0].Settled.WaitAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _group.DisposeAsync();
        await _hub.DisposeAsync();
        _probe.Dispose();
        _ending.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Scale_WhereOneCannotStart_LeavesNoneOfTheNewOnes()
    {
        (_sidecars.Fault, _sidecars.FaultOf) = ("pubsub.yaml:3: broken", "app#3");

        (await Should.ThrowAsync<SidecarException>(() => _group.ScaleAsync(3, Token))).Message.ShouldBe("pubsub.yaml:3: broken");

        _group.Instances.ShouldHaveSingleItem().State.ShouldBe(ServiceState.Healthy);
        _gone.Order().ShouldBe(["app#2", "app#3"]);

        // And so the next one does it.
        _sidecars.Fault = null;
        await _group.ScaleAsync(3, Token);
        _group.Instances.ShouldAllBe(one => one.State == ServiceState.Healthy);
        _group.Instances.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Scale_WhoeverAskedHungUp_WhatWasBegunRuns()
    {
        using var asker = new CancellationTokenSource();
        var scaling = _group.ScaleAsync(2, asker.Token);
        await Eventually.TrueAsync(() => _group.Instances.Count == 2, TimeSpan.FromSeconds(20));
        await asker.CancelAsync();
        await Task.WhenAny(scaling);

        await _group.ScaleAsync(2, Token);

        _group.Instances.Count.ShouldBe(2);
        _group.Instances.ShouldAllBe(one => one.State == ServiceState.Healthy);
    }

    [Fact]
    public async Task Scale_ToWhatIsThereButStopped_StartsIt()
    {
        await _group.ScaleAsync(2, Token);
        await _group.Instances[1].StopAsync(Token);

        await _group.ScaleAsync(2, Token);

        _group.Instances.Count.ShouldBe(2);
        _group.Instances.ShouldAllBe(one => one.State == ServiceState.Healthy);
    }

    private ServiceRunner Instance(int number)
    {
        var label = ServicePlan.LabelOf("app", number);
        var plan = new ServicePlan
        {
            App = new RunApp { AppId = "app", Folder = _folder.Path, Command = [Path.Combine(AppContext.BaseDirectory, "mesh"), "bare-kestrel"], Place = "dapr.yaml:7" },
            Number = number,
            AppPort = FreePorts.Take(),
            SidecarPort = 1,
            ApiToken = "api",
            AppToken = "app",
            Data = _folder.Path,
        };
        var tools = new ServiceTools(_hub, _probe, new Leftovers(DataFolder.At(_folder.Path, _folder.Path), TimeProvider.System, _ => { }), _ => { }, TimeProvider.System);
        return new ServiceRunner(
            plan, new SidecarRunner(new SidecarPlan(label, new SidecarOptions { AppId = "app" }), _sidecars, _ => { }, TimeProvider.System), tools);
    }
}
