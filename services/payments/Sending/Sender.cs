using System.Diagnostics;
using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using Polly.CircuitBreaker;

namespace HmsMesh.Payments.Sending;

/// <summary>Sends one payment: what may have been sent before is asked for first.</summary>
internal sealed class Sender(BankClient bank, Breakers breakers, Leases leases, Bookings bookings, PaymentsSettings settings, TimeProvider time, ILogger<Sender> log)
{
    public async Task SendAsync(LeasedPayment leased, CancellationToken stopping)
    {
        using var span = Trace(leased);

        // Short of the lease's end, so that no call of this instance goes out when the payment is another's.
        using var limit = new CancellationTokenSource(settings.Lease - settings.BankTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        var wasCalled = false;
        try
        {
            BankEntry? entry = null;
            if (leased.IsUnknown)
                entry = await breakers.WithBreaker(BankClient.Name, token => bank.FindAsync(leased.Payment.Id, token), either.Token);
            entry ??= await breakers.WithBreaker(
                BankClient.Name,
                token =>
                {
                    wasCalled = true;
                    return bank.SendAsync(leased.Payment.Id, leased.Order, token);
                },
                either.Token);
            if (entry is not null)
                await bookings.SentAsync(leased.Payment, entry, either.Token);
            else
                await bookings.RefusedAsync(leased.Payment, either.Token);
        }
        catch (BrokenCircuitException e)
        {
            await ReleaseAsync(leased, wasCalled, e.RetryAfter ?? settings.Settling);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await ReleaseAsync(leased, wasCalled, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            // Whatever it was: only the bank knows now.
            Log.Unknown(log, leased.Payment.Id, e.GetBaseException().Message);
            await ReleaseAsync(leased, wasCalled, settings.Settling);
        }
    }

    // The payment's part of the trace that its claim began.
    private static Activity? Trace(LeasedPayment leased) =>
        leased.Payment.TraceParent is { } parent && ActivityContext.TryParse(parent, null, out _) ? new Activity("pay").SetParentId(parent).Start() : null;

    private async Task ReleaseAsync(LeasedPayment leased, bool wasCalled, TimeSpan rest)
    {
        try
        {
            await leases.ReleaseAsync(leased, wasCalled, rest, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The lease ends by itself.
            Log.WorkerFailed(log, e);
        }
    }
}
