namespace HmsMesh.Broker.Consumers;

/// <summary>A delivery that is handled elsewhere, under its lease: given out by this writer, or adopted from the one before, which did not
/// live to hear the answer. Its group's lock guards it.</summary>
internal sealed class RemoteDelivery : IThreadPoolWorkItem
{
    private volatile IDeliveryLink _link;
    private ITimer? _lease;

    public RemoteDelivery(IDeliveryLink link, Subscription subscription, ConsumerGroup group, PendingEvent[] events)
    {
        (_link, Subscription, Group, Events) = (link, subscription, group, events);
        (Offsets, Tries) = (Array.ConvertAll(events, static one => one.Offset), Array.ConvertAll(events, static one => one.Tries + 1));
    }

    /// <summary>One to adopt: its events are found when the log is read up to them.</summary>
    public RemoteDelivery(IDeliveryLink link, Subscription subscription, ConsumerGroup group, long id, long[] offsets, int[] tries)
    {
        (_link, Subscription, Group, Id, Offsets, Tries) = (link, subscription, group, id, offsets, tries);
        Events = new PendingEvent?[offsets.Length];
    }

    /// <summary>The way to its instance, which may come back by another one.</summary>
    public IDeliveryLink Link
    {
        get => _link;
        set => _link = value;
    }

    public Subscription Subscription { get; }

    public ConsumerGroup Group { get; }

    /// <summary>What the link calls it.</summary>
    public long Id { get; set; }

    public long[] Offsets { get; }

    public int[] Tries { get; }

    public PendingEvent?[] Events { get; }

    /// <summary>What was said of it: null while nothing was.</summary>
    public IReadOnlyList<Verdict>? Verdicts { get; set; }

    /// <summary>How many of its events were not read yet when it was answered: what was said of them is still to be applied.</summary>
    public int Unread { get; set; }

    /// <summary>Whether its instance answered, and is to be told once that is on disk.</summary>
    public bool Heard { get; set; }

    /// <summary>Whether it still counts.</summary>
    public bool Open { get; set; } = true;

    public void Execute()
    {
        StartLease();
        _link.Deliver(this);
    }

    public void StartLease()
    {
        var lease = Subscription.Time.CreateTimer(
            static state => ((RemoteDelivery)state!).LeaseEnded(), this, Subscription.Options.Lease, Timeout.InfiniteTimeSpan);
        if (Interlocked.Exchange(ref _lease, lease) is not null || !Open)
        {
            lease.Dispose();
        }
    }

    /// <summary>Its instance's verdicts; false where it was settled before.</summary>
    public bool Complete(IReadOnlyList<Verdict> verdicts) => Settle(verdicts, heard: true);
    /// <summary>Its instance is gone, which is nobody's failure: what it had goes to others at once.</summary>
    public void GiveBack() => Settle(All(new Verdict(VerdictKind.GivenBack) { Scheduled = true, RetryAfter = TimeSpan.Zero }), heard: false);

    /// <summary>What was said of it is on disk.</summary>
    public void Settled() => _link.Settled(this);

    private bool Settle(IReadOnlyList<Verdict> verdicts, bool heard)
    {
        if (!Group.Settle(this, verdicts, heard))
        {
            return false;
        }

        _lease?.Dispose();
        return true;
    }

    private void LeaseEnded()
    {
        _link.Doubt();
        if (Settle(All(new Verdict(VerdictKind.Failed, $"No answer within the lease of {Subscription.Options.Lease.TotalSeconds:0.###} s.")), heard: false))
        {
            _link.Cancel(this);
        }
    }

    private Verdict[] All(Verdict verdict)
    {
        var verdicts = new Verdict[Offsets.Length];
        Array.Fill(verdicts, verdict);
        return verdicts;
    }
}
