namespace HmsMesh.Broker.Consumers;

/// <summary>One delivery under its lease: whichever comes first, the handler's verdicts or the lease's end, counts.</summary>
internal sealed class DeliveryJob(Subscription subscription, ConsumerGroup group, PendingEvent[] events) : IThreadPoolWorkItem
{
    private int _settled;

    public void Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        var deliveries = Array.ConvertAll(events, static one => new Delivery { Event = one.Event!, Try = one.Tries + 1 });
        using var lease = new CancellationTokenSource(subscription.Options.Lease, subscription.Time);
        await using var end = lease.Token.UnsafeRegister(static state => ((DeliveryJob)state!).LeaseEnded(), this).ConfigureAwait(false);
        IReadOnlyList<Verdict> verdicts;
        try
        {
            verdicts = await subscription.Handler.HandleAsync(deliveries, lease.Token).ConfigureAwait(false);
            if (verdicts.Count != events.Length)
            {
                verdicts = All(new Verdict(VerdictKind.Failed, $"The handler gave {verdicts.Count} verdicts for {events.Length} events."));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            verdicts = All(new Verdict(VerdictKind.Failed, $"{e.GetType().Name}: {e.Message}"));
        }

        // The handler may notice the lease's end before the callback that is to settle it.
        Settle(lease.IsCancellationRequested ? Late() : verdicts);
    }

    private void LeaseEnded() => Settle(Late());

    private Verdict[] Late() =>
        All(new Verdict(VerdictKind.Failed, $"No answer within the lease of {subscription.Options.Lease.TotalSeconds:0.###} s."));

    private void Settle(IReadOnlyList<Verdict> verdicts)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            group.Settle(subscription, events, verdicts);
        }
    }

    private Verdict[] All(Verdict verdict)
    {
        var verdicts = new Verdict[events.Length];
        Array.Fill(verdicts, verdict);
        return verdicts;
    }
}
