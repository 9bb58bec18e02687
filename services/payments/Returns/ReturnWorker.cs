using HmsMesh.Kit;
using HmsMesh.Payments.Bank;

namespace HmsMesh.Payments.Returns;

/// <summary>Asks the bank for entries that came back. Not while the breaker is open; and what fails here is no failure of a payment.</summary>
internal sealed class ReturnWorker(
    BankClient bank, ReturnBook book, Breakers breakers, PaymentsSettings settings, TimeProvider time, ILogger<ReturnWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.ReturnsEvery, time);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                if (breakers[BankClient.Name].State == BreakerState.Closed)
                    await ReadAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is BankException or HttpRequestException or OperationCanceledException)
            {
                Log.ReturnsUnknown(log, e.Message);
            }
            catch (Exception e)
            {
                Log.WorkerFailed(log, e);
            }
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        foreach (var returned in await bank.ReturnsAsync(await book.LastNumberAsync(stoppingToken), stoppingToken))
        {
            if (!await book.BookAsync(returned, stoppingToken))
                return;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
