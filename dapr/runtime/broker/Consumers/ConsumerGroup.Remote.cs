namespace HmsMesh.Broker.Consumers;

/// <content>Deliveries that are handled elsewhere. Those of the writer before are adopted: what was under way stays where it is, and what
/// was said of it counts, so that nothing is handled at two places at once.</content>
internal sealed partial class ConsumerGroup
{
    private readonly Dictionary<long, (RemoteDelivery Delivery, int Index)> _adopted = [];
    private readonly Queue<(long Settle, RemoteDelivery Delivery)> _unwritten = new();
    private long _settles;
    private long _told;
    private long _lastAdopted;

    /// <summary>Takes over what an instance says it had under way; false where all of it is settled, or another's.</summary>
    public bool Adopt(RemoteDelivery delivery, IReadOnlyList<Verdict>? verdicts)
    {
        var adopted = false;
        lock (_gate)
        {
            for (var i = 0; i < delivery.Offsets.Length; i++)
            {
                var offset = delivery.Offsets[i];
                if (_book.MayAdmit(offset, delivery.Tries[i]) && _adopted.TryAdd(offset, (delivery, i)))
                {
                    adopted = true;
                    _lastAdopted = Math.Max(_lastAdopted, offset);
                }
            }

            if (!adopted)
            {
                delivery.Open = false;
                return false;
            }

            delivery.Subscription.Begin();
        }

        if (verdicts is not null)
        {
            delivery.Complete(verdicts);
        }
        else
        {
            delivery.StartLease();
        }

        return true;
    }

    /// <summary>The verdicts of a delivery that was handled elsewhere; false where it was settled before. An instance that was heard is told
    /// once they are on disk: what it was not heard on, it tells the next writer.</summary>
    public bool Settle(RemoteDelivery delivery, IReadOnlyList<Verdict> verdicts, bool heard)
    {
        var atOnce = false;
        lock (_gate)
        {
            if (!delivery.Open)
            {
                return false;
            }

            (delivery.Open, delivery.Verdicts) = (false, verdicts);
            delivery.Subscription.Free();
            for (var i = 0; i < verdicts.Count; i++)
            {
                if (delivery.Events[i] is { } pending)
                {
                    atOnce |= Settle(delivery.Subscription, pending, verdicts[i]);
                }
                else if (verdicts[i].Kind is VerdictKind.GivenBack)
                {
                    _adopted.Remove(delivery.Offsets[i]);
                }
            }

            delivery.Heard = heard;
            delivery.Unread = delivery.Offsets.Count(one => _adopted.TryGetValue(one, out var known) && known.Delivery == delivery);
            if (delivery.Unread == 0)
            {
                Applied(delivery);
            }
        }

        _core.Queue.Moved(this, atOnce);
        Signal();
        return true;
    }

    /// <summary>Up to which settling the log was told.</summary>
    public long Told => Volatile.Read(ref _told);

    /// <summary>What was settled up to here is on disk.</summary>
    public void Written(long settles)
    {
        while (true)
        {
            RemoteDelivery delivery;
            lock (_gate)
            {
                if (!_unwritten.TryPeek(out var first) || first.Settle > settles)
                {
                    return;
                }

                delivery = _unwritten.Dequeue().Delivery;
            }

            delivery.Settled();
        }
    }

    /// <summary>Reads on to what is under way already, so that it is known and holds its keys before anything is given out.</summary>
    private void ReadAdopted()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_lastAdopted <= _book.ReadUpTo)
                {
                    return;
                }
            }

            if (!TryRead(_instances.First, out var pending))
            {
                return;
            }

            if (pending is not null)
            {
                lock (_gate)
                {
                    pending.Event = null;
                    MakeReady(pending);
                }
            }
        }
    }

    /// <summary>What was said of one of its events is in the book.</summary>
    private void AppliedOne(RemoteDelivery delivery, bool atOnce)
    {
        if (--delivery.Unread == 0)
        {
            Applied(delivery);
        }

        _core.Queue.Moved(this, atOnce);
    }

    /// <summary>All that was said of it is in the book, and goes to the log with what is told next.</summary>
    private void Applied(RemoteDelivery delivery)
    {
        if (delivery.Heard)
        {
            _unwritten.Enqueue((++_settles, delivery));
        }
    }

    /// <summary>An event may go, unless it is under way already, or may not go yet.</summary>
    private void MakeReady(PendingEvent pending)
    {
        if (_adopted.Remove(pending.Offset, out var known))
        {
            var (delivery, index) = known;
            pending.Tries = Math.Max(pending.Tries, delivery.Tries[index] - 1);
            if (delivery.Open)
            {
                delivery.Events[index] = pending;
                return;
            }

            var atOnce = Settle(delivery.Subscription, pending, delivery.Verdicts![index]);
            AppliedOne(delivery, atOnce);
        }
        else if (pending.Tries > 0 && pending.Due > _core.Now)
        {
            _waiting.Add(pending, givenBack: false);
        }
        else
        {
            _ready.Enqueue(pending, pending.Offset);
        }
    }
}
