using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing.Server;

/// <content>What it is given, and what it says of that.</content>
internal sealed partial class ClientConnection
{
    private volatile bool _deaf;
    private long _pinged;

    /// <summary>Whether it owes answers and says nothing: it gets no more until it is heard again.</summary>
    public bool IsDeaf => _deaf;

    public void Deliver(RemoteSubscription subscription, RemoteDelivery delivery)
    {
        bool gone;
        lock (_gate)
        {
            gone = _gone;
            if (!gone)
            {
                delivery.Id = _nextDelivery++;
                _deliveries.Add(delivery.Id, delivery);
            }
        }

        if (gone)
        {
            delivery.GiveBack();
            return;
        }

        var writer = PayloadWriter.Rent();
        writer.Number(subscription.Id);
        writer.Number(delivery.Id);
        writer.Number(delivery.Offsets.Length);
        for (var i = 0; i < delivery.Offsets.Length; i++)
        {
            var place = delivery.Events[i]!.Event!.Place;
            writer.Number(delivery.Offsets[i]);
            writer.Number(place.Base);
            writer.Number(place.Position);
            writer.Number(delivery.Tries[i]);
        }

        _output.TryWrite(FrameKind.Deliver, writer.Written);
    }

    /// <summary>It may be hung: until it is heard, others get what comes.</summary>
    public void Doubt()
    {
        _deaf = true;
        _output.TryWrite(FrameKind.Ping, []);
    }

    /// <summary>The delivery counts no more here.</summary>
    public void Cancel(RemoteSubscription subscription, RemoteDelivery delivery)
    {
        lock (_gate)
        {
            if (!_deliveries.Remove(delivery.Id))
            {
                return;
            }

            _late.Add(delivery.Id);
        }

        Say(FrameKind.Cancel, subscription.Id, delivery.Id);
        if (_late.Count > MaxLate)
        {
            End();
        }
    }

    public void Settled(long subscription, long delivery) => Say(FrameKind.Settled, subscription, delivery);

    /// <summary>Now and then: is it heard?</summary>
    public void Tick()
    {
        bool owes;
        lock (_gate)
        {
            owes = !_gone && _deliveries.Count + _late.Count > 0;
        }

        if (_input is { Within: true } && _input.Silent > Protocol.HalfFrame)
        {
            BrokerLog.PeerCutOff(_server.Logger, Pid, _server.Folder, "half a frame, and nothing more");
            End();
        }
        else if (!owes)
        {
            Volatile.Write(ref _pinged, 0);
        }
        else if (Volatile.Read(ref _pinged) is var pinged && pinged == 0)
        {
            Volatile.Write(ref _pinged, _server.Time.GetTimestamp());
            _output.TryWrite(FrameKind.Ping, []);
        }
        else if (_server.Time.GetElapsedTime(pinged) > Protocol.Silence)
        {
            _deaf = true;
        }
    }

    private async ValueTask<bool> HeardAsync()
    {
        var more = await _input.FillAsync(_end.Token).ConfigureAwait(false);
        Volatile.Write(ref _pinged, 0);
        if (_deaf)
        {
            _deaf = false;
            RemoteSubscription[] subscriptions;
            lock (_gate)
            {
                subscriptions = [.. _subscriptions.Values];
            }

            foreach (var one in subscriptions)
            {
                one.Attached?.Group.Signal();
            }
        }

        return more;
    }

    private void Answered(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (subscription, id) = (reader.Number(), reader.Number());
        RemoteDelivery? delivery;
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(id, out delivery) && !_late.Remove(id))
            {
                throw new ProtocolException($"verdicts on a delivery {id} that it does not have");
            }
        }

        // Read before it is struck out: what can't be read leaves the delivery to others.
        var verdicts = delivery is null ? [] : WireCodec.ReadVerdicts(ref reader, delivery.Offsets.Length);
        lock (_gate)
        {
            if (!_deliveries.Remove(id))
            {
                _late.Remove(id);
            }
        }

        // One that comes after its lease is not heard; that it was said is all there is to tell.
        if (delivery is null || !delivery.Complete(verdicts))
        {
            Settled(subscription, id);
        }
    }

    private void Adopt(RemoteSubscription remote, Subscription subscription, AttachRequest attach)
    {
        if (attach.UnderWay.DistinctBy(static one => one.Id).Count() < attach.UnderWay.Count)
        {
            throw new ProtocolException("a delivery told of twice");
        }

        foreach (var claim in attach.UnderWay)
        {
            if (claim.Offsets.Any(one => one >= _log.Core.Files.Head))
            {
                throw new ProtocolException("a delivery of an event that is not in the log");
            }

            var delivery = _server.TakeOrphan(Client, claim.Id)
                ?? new RemoteDelivery(remote, subscription, subscription.Group, claim.Id, claim.Offsets, claim.Tries);
            delivery.Link = remote;
            lock (_gate)
            {
                _nextDelivery = Math.Max(_nextDelivery, claim.Id + 1);
                if (claim.Verdicts is null && !_deliveries.TryAdd(claim.Id, delivery))
                {
                    throw new ProtocolException($"a delivery {claim.Id} told of twice");
                }
            }

            var ours = delivery.Subscription != subscription;
            var counts = ours ? claim.Verdicts is null || delivery.Complete(claim.Verdicts) : subscription.Group.Adopt(delivery, claim.Verdicts);
            if (counts)
            {
                continue;
            }

            if (claim.Verdicts is null)
            {
                Cancel(remote, delivery);
            }
            else
            {
                Settled(remote.Id, claim.Id);
            }
        }
    }

    private void Say(FrameKind kind, long subscription, long delivery)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(subscription);
        writer.Number(delivery);
        _output.TryWrite(kind, writer.Written);
    }
}
