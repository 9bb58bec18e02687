using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Payees;

namespace HmsMesh.Payments.Sending;

/// <summary>Sends what is pending: at once when it is told of it, and every second what others left behind or put off.</summary>
internal sealed class PaymentWorker(
    Leases leases, Sender sender, DemoPayees demo, Breakers breakers, WorkSignal signal, TimeProvider time, ILogger<PaymentWorker> log) : BackgroundService
{
    private const int MostAtOnce = 8;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly List<Task> _running = [];
    private Task _wait = Task.CompletedTask;
    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                _told = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (VaultUnavailableException e)
            {
                // At the start the sidecar may not be there yet: told once.
                if (_told != e.Message)
                    Log.VaultClosed(log, e.Message);
                _told = e.Message;
                await PauseAsync(stoppingToken);
            }
            catch (Exception e)
            {
                Log.WorkerFailed(log, e);
                await PauseAsync(stoppingToken);
            }
        }

        await Task.WhenAll(_running);
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        await demo.SeedAsync(stoppingToken);
        _running.RemoveAll(t => t.IsCompleted);
        var room = Room();
        var leased = room > 0 ? await leases.TakeAsync(room, stoppingToken) : [];
        foreach (var payment in leased)
            _running.Add(Task.Run(() => sender.SendAsync(payment, stoppingToken), CancellationToken.None));
        if (leased.Count > 0 && leased.Count == room && room > 1)
            return;

        // One wait at a time: one that is given up would swallow the next signal.
        if (_wait.IsCompleted)
            _wait = signal.WaitAsync(Sweep, stoppingToken);
        await await Task.WhenAny([_wait, .. _running]);
    }

    // While the breaker is open nothing is taken; then one payment tries whether the bank is back.
    private int Room() => breakers[BankClient.Name].State switch
    {
        BreakerState.Open => 0,
        BreakerState.HalfOpen => _running.Count == 0 ? 1 : 0,
        _ => MostAtOnce - _running.Count,
    };

    private Task PauseAsync(CancellationToken stoppingToken) =>
        Task.Delay(Sweep, time, stoppingToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
