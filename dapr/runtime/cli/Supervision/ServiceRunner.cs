using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision;

/// <summary>Keeps one service and its sidecar running until it is told to stop.</summary>
internal sealed class ServiceRunner(ServicePlan plan, SidecarRunner sidecar, ServiceTools tools) : IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Child? _child;

    public ServicePlan Plan => plan;

    public SidecarRunner Sidecar => sidecar;

    public ServiceState State { get; private set; } = ServiceState.Stopped;

    public int Restarts { get; private set; }

    public int? Pid => _child?.Pid;

    /// <summary>Its sidecar ended while it runs, by POST /v1.0/shutdown or a fault: it hears nothing, and what it says fails.</summary>
    public bool Alone => State is ServiceState.Healthy && !sidecar.Running;

    /// <summary>Why it is not healthy, if it isn't.</summary>
    public string? Problem
    {
        get => Alone ? $"the sidecar of {plan.Name} has ended, and 'mesh logs {plan.Name}' tells why; 'mesh restart {plan.Name}' starts both again." : field;
        private set;
    }

    public TimeSpan? HealthyAfter { get; private set; }

    public TimeSpan? CpuUntilHealthy { get; private set; }

    /// <summary>Completes when the service is healthy, or is known not to become so at once.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Starts the service. Its sidecar runs already, or is started first.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        if (!_life.IsCompleted)
            return;
        await sidecar.StartAsync(cancellationToken);
        _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Missing() is { } missing)
        {
            (State, Problem) = (ServiceState.Skipped, missing);
            tools.Report($"{plan.Name} is skipped: {missing}");
            _settled.TrySetResult();
            return;
        }

        _stop = new CancellationTokenSource();
        _life = LiveAsync(_stop.Token);
    }

    /// <summary>The service drains and ends, then its sidecar takes no more deliveries: events wait in the broker.</summary>
    public async Task StopAsync(bool hurry, CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        await StopServiceAsync(hurry);
        await sidecar.StopAsync(cancellationToken);
    }

    /// <summary>Ends the service alone; the sidecar stays.</summary>
    public async Task StopServiceAsync(bool hurry)
    {
        if (!_life.IsCompleted)
        {
            State = ServiceState.Stopping;
            await _stop.CancelAsync();
            if (hurry)
                _child?.Kill();
            await _life;
        }

        if (State is not ServiceState.Skipped)
            (State, Problem) = (ServiceState.Stopped, null);
        _settled.TrySetResult();
    }

    public void Hurry() => _child?.Kill();

    public async ValueTask DisposeAsync()
    {
        await StopServiceAsync(hurry: true);
        await sidecar.DisposeAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        var backoff = new Backoff();
        while (!stop.IsCancellationRequested)
        {
            var began = tools.Time.GetTimestamp();
            var code = await RunOnceAsync(began, stop);
            if (stop.IsCancellationRequested)
                return;
            var wait = backoff.After(tools.Time.GetElapsedTime(began));
            Restarts++;
            Problem = Obituary.Write(plan, code, wasHealthy: State is ServiceState.Healthy, tools.Hub.Recent(plan.Name), wait);
            State = ServiceState.Restarting;
            tools.Report(Problem);
            _settled.TrySetResult();
            await Task.Delay(wait, tools.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnceAsync(long began, CancellationToken stop)
    {
        (State, HealthyAfter, CpuUntilHealthy) = (ServiceState.Starting, null, null);
        using var child = Child.Start(
            plan.App.Command, plan.App.Folder, plan.Environment(), line => tools.Hub.Write(plan.Name, LogSource.App, line));
        tools.Leftovers.Add(child, plan.Name);
        _child = child;
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var healthy = WatchStartAsync(child, began, ended.Token);
            using var asked = stop.Register(child.AskToEnd);
            await Task.WhenAny(child.Ended, Task.Delay(Timeout.InfiniteTimeSpan, tools.Time, stop));
            if (stop.IsCancellationRequested)
            {
                await Task.WhenAny(child.Ended, Task.Delay(Drain, tools.Time, CancellationToken.None));
                child.Kill();
            }

            var code = await child.Ended;
            await ended.CancelAsync();
            await healthy;
            return code;
        }
        finally
        {
            _child = null;
            tools.Leftovers.Remove(child);
        }
    }

    private async Task WatchStartAsync(Child child, long began, CancellationToken cancellationToken)
    {
        try
        {
            var healthy = Task.WhenAll(tools.Probe.UntilHealthyAsync(plan, cancellationToken), sidecar.ReadyAsync(cancellationToken));
            if (await Task.WhenAny(healthy, Task.Delay(SlowStart, tools.Time, cancellationToken)) != healthy && !cancellationToken.IsCancellationRequested)
            {
                Problem = $"{plan.Name} runs but is not healthy after {SlowStart.TotalSeconds:0} s; 'mesh logs {plan.Name}' may tell why.";
                tools.Report(Problem);
                _settled.TrySetResult();
            }

            await healthy;
            CpuUntilHealthy = ProcessStamp.CpuOf(child.Pid);
            HealthyAfter = tools.Time.GetElapsedTime(began);
            (State, Problem) = (ServiceState.Healthy, null);
            _settled.TrySetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It ended, or was told to, before it was healthy; whoever awaits its end says so.
        }
        catch (HmsMesh.Sidecar.SidecarException problem)
        {
            Problem = $"the sidecar of {plan.Name} can't start: {problem.Message}";
            tools.Report(Problem);
            _settled.TrySetResult();
        }
    }

    /// <summary>What is missing to run the command at all.</summary>
    private string? Missing()
    {
        var program = plan.App.Command[0];
        if (program.Contains('/'))
        {
            var file = Path.GetFullPath(program, plan.App.Folder);
            return File.Exists(file) ? null : $"{file}, its command in {plan.App.Place}, is not there; build it, or correct the command.";
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return path.Any(folder => File.Exists(Path.Combine(folder, program)))
            ? null
            : $"'{program}', its command in {plan.App.Place}, is not on the PATH; install it and 'mesh restart {plan.Name}'.";
    }

    private async Task<Turn> TurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
