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

    /// <summary>Goes on from an offset to the first event of the topic; what is owed is nowhere but at its offset. An event that retention let
    /// go of, or that is lost, is answered with an empty record.</summary>
    private bool TryFind(long offset, bool owed, out LogRecord record)
    {
        if (offset < _core.Files.Segments[0].Base)
        {
            record = new LogRecord(offset, RecordKind.None, default, null);
            return true;
        }

        while (_reader.TryRead(offset, out record))
        {
            if (record.IsOf(Topic) || (owed && record.Kind == RecordKind.Replay))
            {
                return true;
            }

            if (owed)
            {
                record = new LogRecord(offset, RecordKind.None, default, null);
                return true;
            }

            offset++;
        }

        return false;
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
            if (pending.Offset >= _core.Files.Segments[0].Base && _reader.TryRead(pending.Offset, out var record))
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
