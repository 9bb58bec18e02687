using HmsMesh.Broker;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>Keeps one sidecar running until it is told to stop: one that ends is started again after a while, on the same port.</summary>
internal sealed class SidecarRunner(SidecarPlan plan, ISidecarStarter starter, Action<string> report, TimeProvider time, TimeSpan? longestBackoff = null) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private volatile ISidecar? _sidecar;

    public SidecarOptions Options => plan.Options;

    public bool Running => _sidecar is { Ended.IsCompleted: false };

    public int? Pid => _sidecar is { Ended.IsCompleted: false } running ? running.Pid : null;

    public int Restarts { get; private set; }

    /// <summary>Why it doesn't run now, if it should.</summary>
    public string? Problem { get; private set; }

    /// <summary>Called when it ended by itself.</summary>
    public Action? Died { get; set; }

    /// <summary>Returns once the declared subscriptions are registered and the API listens. Throws where it can't start at all.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_life.IsCompleted)
                return;
            _sidecar = await starter.StartAsync(plan, cancellationToken);
            Problem = null;
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _life = LiveAsync(_sidecar, _stop.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Completes when the app is there and deliveries flow, through whichever sidecar that is by then.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (_sidecar is not { } sidecar || !await sidecar.ReadyAsync(cancellationToken))
            await Task.Delay(Look, time, cancellationToken);
    }

    /// <summary>Takes no more deliveries and waits for those under way; it stays for what the app still says. There is no way back but a stop.</summary>
    public Task StopDeliveriesAsync(CancellationToken cancellationToken) => _sidecar?.StopDeliveriesAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>The circuit breakers of it that are not closed.</summary>
    public Task<IReadOnlyList<OpenCircuit>> CircuitsAsync(CancellationToken cancellationToken) =>
        _sidecar is { Ended.IsCompleted: false } running ? running.CircuitsAsync(cancellationToken) : Task.FromResult<IReadOnlyList<OpenCircuit>>([]);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await _stop.CancelAsync();
            try
            {
                await (_sidecar?.StopAsync(cancellationToken) ?? Task.CompletedTask);
            }
            finally
            {
                await _life;
                Problem = null;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_sidecar is { } sidecar)
            await sidecar.DisposeAsync();
        await _life;
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task LiveAsync(ISidecar sidecar, CancellationToken stop)
    {
        var backoff = new Backoff(longestBackoff);
        while (true)
        {
            var began = time.GetTimestamp();
            var how = await sidecar.Ended;
            await sidecar.DisposeAsync();
            if (stop.IsCancellationRequested || await AgainAsync(how, backoff, time.GetElapsedTime(began), stop) is not { } next)
                return;
            sidecar = next;
        }
    }

    /// <summary>Until it runs; null where it is not to run any more.</summary>
    private async Task<ISidecar?> AgainAsync(string how, Backoff backoff, TimeSpan ran, CancellationToken stop)
    {
        while (true)
        {
            var wait = backoff.After(ran);
            Problem = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the sidecar of {plan.Label} {how}; it starts again in {wait.TotalSeconds:0.#} s, and 'mesh logs {plan.Label}' tells more.");
            Restarts++;
            report(Problem);
            Died?.Invoke();
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                stop.ThrowIfCancellationRequested();
                var next = await starter.StartAsync(plan, stop);
                _sidecar = next;
                if (!stop.IsCancellationRequested)
                {
                    Problem = null;
                    return next;
                }

                await next.DisposeAsync();
                return null;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception problem) when (problem is SidecarException or BrokerException or IOException)
            {
                (how, ran) = ($"can't start: {problem.Message.TrimEnd('.')}", TimeSpan.Zero);
            }
        }
    }
}
