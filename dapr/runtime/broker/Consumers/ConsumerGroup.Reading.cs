using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Consumers;

/// <content>How it finds its events in the log, and what is past its time. The pump alone reads.</content>
internal sealed partial class ConsumerGroup
{
    /// <summary>Reads the next event of the topic; false where there is none yet. It may have to wait: then <paramref name="pending"/> is null.</summary>
    private bool TryRead(Subscription? target, out PendingEvent? pending)
    {
        pending = null;
        long offset;
        bool owed;
        lock (_gate)
        {
            owed = _book.TryPeekRecovered(out offset);
            if (!owed)
            {
                offset = NextOffset();
            }
        }

        if (offset < 0 || !TryFind(offset, owed, out var record))
        {
            return false;
        }

        var stored = record.Kind == RecordKind.None ? null : record.Event(Topic);
        lock (_gate)
        {
            if (stored is null || (IsExpired(stored) && !BuriesDropped(target)))
            {
                _book.Skip(record.Offset);
                if (_adopted.Remove(record.Offset, out var skipped) && !skipped.Delivery.Open)
                {
                    AppliedOne(skipped.Delivery, atOnce: false);
                }

                _core.Queue.Moved(this, atOnce: false);
                return true;
            }

            if (record.Kind == RecordKind.Replay)
            {
                _book.IsReplay(record.Offset);
            }

            pending = _book.Admit(stored);
            if (pending is not null && (_adopted.ContainsKey(pending.Offset) || (pending.Tries > 0 && pending.Due > _core.Now)))
            {
                pending.Event = _adopted.ContainsKey(pending.Offset) ? stored : null;
                MakeReady(pending);
                pending = null;
            }
        }

        return true;
    }

    /// <summary>Where the next event of the topic is or may be; -1 where there is none.</summary>
    private long NextOffset()
    {
        var head = _core.Files.Head;
        if (_book.Count == Topic.Total)
        {
            _book.MoveTo(head - 1);
            return -1;
        }

        return Topic.TryNext(_book.Cursor, out var next) ? next : Math.Max(_book.Cursor + 1, _core.Files.Segments[0].Base);
    }

    /// <summary>Goes on from an offset to the first event of the topic; what is owed is nowhere but at its offset.</summary>
    private bool TryFind(long offset, bool owed, out LogRecord record)
    {
        if (owed || offset < _core.Files.Segments[0].Base)
        {
            return TryReadOwed(offset, out record);
        }

        while (_reader.TryRead(offset, out record))
        {
            if (record.IsOf(Topic))
            {
                return true;
            }

            // Retention may have let go of it meanwhile: then what was read is further on.
            offset = Math.Max(offset, record.Offset) + 1;
        }

        return false;
    }

    /// <summary>Reads the event at an offset; false where it is not there yet. One that retention let go of, or that is lost, is answered
    /// with an empty record. Anything else that is there instead is damage.</summary>
    private bool TryReadOwed(long offset, out LogRecord record)
    {
        if (offset >= _core.Files.Segments[0].Base)
        {
            if (!_reader.TryRead(offset, out record))
            {
                return false;
            }

            if (record.Offset == offset)
            {
                if (record.IsOf(Topic) || record.Kind == RecordKind.Replay)
                {
                    return true;
                }

                if (record.Kind != RecordKind.Lost)
                {
                    throw new BrokerDamagedException(
                        _core.Files.Find(offset).Path, record.Place.Position, $"record {offset} is not the event of {Topic.Name} that {Name} is owed");
                }

                BrokerLog.OwedIsLost(_core.Logger, Name, offset, Topic.Name);
            }
        }

        record = new LogRecord(offset, RecordKind.None, default, null);
        return true;
    }

    /// <summary>Brings an event back that was let go of while it waited.</summary>
    private bool Load(PendingEvent pending)
    {
        if (pending.Event is not null)
        {
            return true;
        }

        try
        {
            if (TryReadOwed(pending.Offset, out var record) && record.HoldsEvent)
            {
                pending.Event = record.Event(Topic);
                return true;
            }
        }
        catch
        {
            // It is owed, and holds its key, until it could be read.
            lock (_gate)
            {
                _ready.Enqueue(pending, pending.Offset);
            }

            throw;
        }

        lock (_gate)
        {
            Finish(pending, dead: false);
        }

        return false;
    }

    private static bool BuriesDropped(Subscription? subscription) => subscription?.Options is { DeadLetterDropped: true, DeadLetterTopic: not null };

    private bool IsExpired(StoredEvent stored) => stored.Expires is { } expires && expires.UtcTicks <= _core.Now;

    /// <summary>An event past its time is dropped undelivered: to the dead letters where the subscription wants what is dropped there.</summary>
    private bool Expired(Subscription target, PendingEvent pending)
    {
        if (!IsExpired(pending.Event!))
        {
            return false;
        }

        lock (_gate)
        {
            if (BuriesDropped(target))
            {
                pending.Cause = "It expired before it was handled.";
                GiveUp(target, pending);
            }
            else
            {
                pending.Verdict = VerdictKind.Dropped;
                Finish(pending, dead: false);
            }
        }

        _core.Queue.Moved(this, atOnce: false);
        return true;
    }
}
