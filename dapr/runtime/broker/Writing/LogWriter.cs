using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.State;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Writing;

/// <summary>
/// The one thread that writes. It takes all that waits, puts it in one buffer, writes and syncs once, and then tells everybody.
/// 1. progress of consumers, so that a dead letter never precedes it; 2. requests, in their order; 3. one write, one sync;
/// 4. the side file; 5. readers may go on; 6. answers.
/// </summary>
internal sealed class LogWriter
{
    private readonly BrokerCore _core;
    private readonly SegmentRoller _roller;
    private readonly RecordGroup _group = new();
    private readonly ProgressWriter _progress;
    private readonly HashSet<Topic> _touched = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _next;

    public LogWriter(BrokerCore core, SegmentRoller roller)
    {
        (_core, _roller) = (core, roller);
        _next = core.Files.Head;
        _progress = new ProgressWriter(this);
        _thread = new Thread(Run) { IsBackground = true, Name = "broker writer" };
    }

    public BrokerCore Core => _core;

    /// <summary>How many segments it has begun.</summary>
    public int Rolls { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>Waits until everything is written. The queue must be closed.</summary>
    public Task EndAsync() => _ended.Task;

    public void AppendEvent(EventsRequest owner, int index, PublishItem item)
    {
        if (item.Payload.Length > _core.MaxPayload)
        {
            var problem = $"The event for {item.Topic.Name} has {item.Payload.Length} bytes with its headers; {_core.MaxPayload} are allowed.";
            owner.Refused(index, PublishStatus.TooLarge, problem);
            return;
        }

        if (item.Target is { } target)
        {
            AppendReplay(owner, index, item, target);
            return;
        }

        if (item.Digest is { } digest && _core.Duplicates.Find(digest, _core.Now) is { } original)
        {
            Volatile.Write(ref _core.DuplicatesSeen, _core.DuplicatesSeen + 1);
            if (original < _core.Files.Head)
            {
                owner.Duplicate(index, original);
            }
            else
            {
                _group.AddDuplicate(owner, index, original);
            }

            return;
        }

        Append(owner, index, RecordKind.Event, item.Payload, item.Topic, item.Digest, item.DuplicateUntil);
    }

    /// <summary>An event for one consumer, which may have been forgotten meanwhile.</summary>
    private void AppendReplay(EventsRequest owner, int index, PublishItem item, ConsumerGroup target)
    {
        if (_core.Groups.GetValueOrDefault((target.Topic.PubSub, target.Topic.Name, target.Name)) != target)
        {
            owner.Refused(index, PublishStatus.Failed, $"{target.Name} does not hear {target.Topic.Name} any more.");
            return;
        }

        Append(owner, index, RecordKind.Replay, ReplayTarget.Add(item.Payload, target.Id), null, null, 0);
    }

    public void AppendControl(IRecordOwner owner, RecordKind kind, byte[] payload) => Append(owner, 0, kind, payload, null, null, 0);

    public void AppendDeadLetter(IRecordOwner owner, PublishItem item) => Append(owner, 0, RecordKind.Event, item.Payload, item.Topic, null, 0);

    /// <summary>Writes and syncs what the group holds so far.</summary>
    public void Commit()
    {
        if (_group.Entries.Count == 0)
        {
            _progress.TellWritten();
            return;
        }

        try
        {
            if (_group.Length > 0)
            {
                _roller.Active.Append(_group.Bytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the failed sync covered is refused for good, even where a later sync would succeed.
            BrokerLog.WriteFailed(_core.Logger, e, _roller.Active.Segment.Path, _group.Entries.Count);
            _roller.Abandon();
            RefuseGroup(Status(e), $"Writing the log failed: {e.Message}");
            return;
        }

        Tell();
    }

    private static PublishStatus Status(Exception e) =>
        e is IOException { HResult: Posix.NoSpace } ? PublishStatus.DiskFull : PublishStatus.Failed;

    private void Run()
    {
        while (_core.Queue.Take(out var requests, out var moved))
        {
            try
            {
                _progress.TryWrite(moved);
                requests.ForEach(one => one.Assemble(this));
                Commit();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                BrokerLog.WriterFailed(_core.Logger, e);
                _roller.Abandon();
                RefuseGroup(PublishStatus.Failed, $"Writing the log failed: {e.Message}");
                requests.ForEach(static one => one.Abandon());
            }
        }

        _ended.SetResult();
    }

    /// <summary>Adds the consumers' progress to the group; false where something found no room.</summary>
    public bool TryWriteProgress(IReadOnlyCollection<ConsumerGroup> moved) => _progress.TryWrite(moved);

    private void Append(IRecordOwner owner, int index, RecordKind kind, byte[] payload, Topic? topic, UInt128? digest, long duplicateUntil)
    {
        if (TryMakeRoom(payload.Length, kind is RecordKind.Event or RecordKind.Replay, out var status, out var problem))
        {
            Put(owner, index, kind, payload, topic, digest, duplicateUntil);
        }
        else
        {
            owner.Refused(index, status, problem);
        }
    }

    /// <summary>Whether a record fits, where need be in a new segment.</summary>
    public bool TryMakeRoom(int payload, bool isEvent, out PublishStatus status, out string problem)
    {
        (status, problem) = (PublishStatus.DiskFull, "The disk has no room for what consumers did; nothing is accepted before it has.");
        if (isEvent && _progress.IsBehind)
        {
            return false;
        }

        var size = RecordFormat.Size(payload);
        if (_group.Length + size > RecordGroup.MaxLength)
        {
            Commit();
        }

        if (isEvent && _roller.IsLong)
        {
            Commit();
            if (!TryRoll(isEvent, out _, out _))
            {
                _roller.Postpone();
            }
        }

        if (!_roller.Fits(_group.Length + size, isEvent))
        {
            Commit();
            if (!TryRoll(isEvent, out status, out problem))
            {
                return false;
            }
        }

        try
        {
            _roller.Fill(_group.Length + size, isEvent);
            return true;
        }
        catch (IOException e)
        {
            status = Status(e);
            problem = status == PublishStatus.DiskFull ? $"The disk of {_core.Folder} is full." : $"Writing the log failed: {e.Message}";
            BrokerLog.NoRoom(_core.Logger, e.Message);
            return false;
        }
    }

    public void Put(IRecordOwner owner, int index, RecordKind kind, byte[] payload, Topic? topic, UInt128? digest, long duplicateUntil)
    {
        _group.Put(owner, index, _next, (int)(_next - _core.Files.Head), kind, payload, topic, digest, duplicateUntil);
        if (digest is { } known)
        {
            _core.Duplicates.Add(known, duplicateUntil, _next);
        }

        _next++;
    }

    private bool TryRoll(bool isEvent, out PublishStatus status, out string problem)
    {
        if (!_roller.TryRoll(_next, isEvent, out status, out problem))
        {
            return false;
        }

        // The snapshot of the new segment has all that was carried.
        _next++;
        Rolls++;
        _progress.Drop();
        return true;
    }

    private void Tell()
    {
        var segment = _roller.Active.Segment;
        var position = segment.EndPosition - _group.Length;
        foreach (var entry in _group.Entries)
        {
            if (entry.IsDuplicate)
            {
                continue;
            }

            segment.Note(entry.Offset, position);
            segment.DuplicateUntil = Math.Max(segment.DuplicateUntil, entry.DuplicateUntil);
            var at = position;
            position += entry.Size;
            _core.Files.Tail.Add(new CachedRecord(
                entry.Offset, entry.Kind, entry.Kind is RecordKind.Event or RecordKind.Replay ? entry.Payload : [], new RecordPlace(segment.Base, at)));
        }

        _core.Acknowledge(_next);

        // Topics first: who sees the head must find every event before it counted.
        foreach (var entry in _group.Entries.Where(static one => one.Topic is not null))
        {
            entry.Topic!.Append(entry.Offset);
            _touched.Add(entry.Topic);
        }

        _core.Files.MoveHead(_next);
        foreach (var entry in _group.Entries)
        {
            if (entry.IsDuplicate)
            {
                ((EventsRequest)entry.Owner).Duplicate(entry.Index, entry.Offset);
            }
            else
            {
                entry.Owner.Stored(entry.Index, entry.Offset);
            }
        }

        _group.Clear();
        _progress.TellWritten();
        foreach (var group in _touched.SelectMany(static one => one.Groups))
        {
            group.Signal();
        }

        _touched.Clear();
    }

    private void RefuseGroup(PublishStatus status, string problem)
    {
        var refused = _group.Entries.ToArray();
        _group.Clear();
        _next = _core.Files.Head;
        _progress.NotWritten();
        foreach (var entry in refused)
        {
            if (entry.Digest is { } digest)
            {
                _core.Duplicates.Remove(digest);
            }

            entry.Owner.Refused(entry.Index, status, problem);
        }
    }
}
