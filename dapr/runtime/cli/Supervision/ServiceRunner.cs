using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Supervision.Sidecars;

namespace HmsMesh.Cli.Supervision;

/// <summary>Keeps one instance of a service and its sidecar running until it is told to stop.</summary>
internal sealed class ServiceRunner : IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(60);

    private readonly ServicePlan _plan;
    private readonly SidecarRunner _sidecar;
    private readonly ServiceTools _tools;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private Task _packages = Task.CompletedTask;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Child? _child;

    public ServiceRunner(ServicePlan plan, SidecarRunner sidecar, ServiceTools tools)
    {
        (_plan, _sidecar, _tools) = (plan, sidecar, tools);
        sidecar.Died = () => _settled.TrySetResult();
    }

    public ServicePlan Plan => _plan;

    public SidecarRunner Sidecar => _sidecar;

    public ServiceState State { get; private set; } = ServiceState.Stopped;

    public int Restarts { get; private set; }

    public int? Pid => _child?.Pid;

    /// <summary>Its sidecar is gone while it runs: it hears nothing, and what it says fails, until the sidecar is back.</summary>
    public bool Alone => State is ServiceState.Healthy && !_sidecar.Running;

    /// <summary>Why it is not healthy, if it isn't.</summary>
    public string? Problem
    {
        get => _sidecar.Problem ?? field;
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
        await _sidecar.StartAsync(cancellationToken);
        _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_plan.External && (Missing() ?? await NodeModules.PrepareAsync(_plan, _tools, cancellationToken)) is { } missing)
        {
            (State, Problem) = (ServiceState.Skipped, missing);
            _tools.Report($"{_plan.Label} is skipped: {missing}");
            _settled.TrySetResult();
            return;
        }

        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _packages = _plan.External ? Task.CompletedTask : NodeModules.ServeAsync(_plan, _tools, _stop.Token);
        _life = _plan.External ? new ExternalApp(_plan, _tools).WatchAsync(Came, Went, _stop.Token) : LiveAsync(_stop.Token);
    }

    /// <summary>Deliveries end, so that none finds the service gone; then the service drains and ends, which may still say what it has to;
    /// then its _sidecar. Events wait in the broker.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        await StopServiceAsync(CancellationToken.None);
        await _sidecar.StopAsync(CancellationToken.None);
    }

    /// <summary>Ends deliveries and the service; the sidecar is to be stopped afterwards. Cancelled, it waits for nothing that drains.</summary>
    public async Task StopServiceAsync(CancellationToken hurry)
    {
        if (!_life.IsCompleted)
        {
            State = ServiceState.Stopping;
            try
            {
                if (!hurry.IsCancellationRequested)
                    await _sidecar.StopDeliveriesAsync(hurry);
            }
            catch (OperationCanceledException) when (hurry.IsCancellationRequested)
            {
                // What is under way is cut off.
            }

            await _stop.CancelAsync();
            await using var hurried = hurry.Register(() => _child?.Kill());
            await _life;
            await _packages;
        }

        if (State is not ServiceState.Skipped)
            (State, Problem) = (ServiceState.Stopped, null);
        _settled.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await StopServiceAsync(new CancellationToken(canceled: true));
        await _sidecar.DisposeAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        var backoff = new Backoff(_tools.LongestBackoff);
        while (!stop.IsCancellationRequested)
        {
            var began = _tools.Time.GetTimestamp();
            var code = await RunOnceAsync(began, stop);
            if (stop.IsCancellationRequested)
                return;
            var wait = backoff.After(_tools.Time.GetElapsedTime(began));
            Restarts++;
            Problem = Obituary.Write(_plan, code, wasHealthy: State is ServiceState.Healthy, _tools.Hub.Recent(_plan.Label), wait);
            State = ServiceState.Restarting;
            _tools.Report(Problem);
            _settled.TrySetResult();
            await Task.Delay(wait, _tools.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnceAsync(long began, CancellationToken stop)
    {
        (State, HealthyAfter, CpuUntilHealthy) = (ServiceState.Starting, null, null);
        using var child = Child.Start(
            _plan.App.Command, _plan.App.Folder, _plan.Environment(), line => _tools.Hub.Write(_plan.Label, LogSource.App, line));
        _tools.Leftovers.Add(child, _plan.Label);
        _child = child;
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var healthy = WatchStartAsync(child, began, ended.Token);
            using var asked = stop.Register(child.AskToEnd);
            await Task.WhenAny(child.Ended, Task.Delay(Timeout.InfiniteTimeSpan, _tools.Time, stop));
            if (stop.IsCancellationRequested)
            {
                await Task.WhenAny(child.Ended, Task.Delay(Drain, _tools.Time, CancellationToken.None));
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
            _tools.Leftovers.Remove(child);
        }
    }

    private async Task WatchStartAsync(Child child, long began, CancellationToken cancellationToken)
    {
        try
        {
            var healthy = Task.WhenAll(_tools.Probe.UntilHealthyAsync(_plan, cancellationToken), _sidecar.ReadyAsync(cancellationToken));
            if (await Task.WhenAny(healthy, Task.Delay(SlowStart, _tools.Time, cancellationToken)) != healthy && !cancellationToken.IsCancellationRequested)
            {
                Problem = $"{_plan.Label} runs but is not healthy after {SlowStart.TotalSeconds:0} s; 'mesh logs {_plan.Label}' may tell why.";
                _tools.Report(Problem);
                _settled.TrySetResult();
            }

            await healthy;
            CpuUntilHealthy = ProcessStamp.CpuOf(child.Pid);
            HealthyAfter = _tools.Time.GetElapsedTime(began);
            (State, Problem) = (ServiceState.Healthy, null);
            _settled.TrySetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It ended, or was told to, before it was healthy; whoever awaits its end says so.
        }
    }

    private void Came() => (State, Problem) = (ServiceState.Healthy, null);

    private void Went()
    {
        (State, Problem) = (ServiceState.Awaited, null);
        _settled.TrySetResult();
    }

    /// <summary>What is missing to run the command at all.</summary>
    private string? Missing()
    {
        var program = _plan.App.Command[0];
        if (program.Contains('/'))
        {
            var file = Path.GetFullPath(program, _plan.App.Folder);
            return File.Exists(file) ? null : $"{file}, its command in {_plan.App.Place}, is not there; build it, or correct the command.";
        }

        return ProgramPath.Find(program) is not null
            ? null
            : $"'{program}', its command in {_plan.App.Place}, is not on the PATH; install it and 'mesh restart {_plan.Label}'.";
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
