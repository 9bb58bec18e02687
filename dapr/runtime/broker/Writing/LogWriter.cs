using System.Buffers;
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
internal sealed class LogWriter : IRecordOwner
{
    private const int MaxGroup = 4 << 20;
    private readonly BrokerCore _core;
    private readonly SegmentRoller _roller;
    private readonly List<GroupEntry> _entries = [];
    private readonly Queue<byte[]> _carried = new();
    private readonly HashSet<Topic> _touched = [];
    private readonly List<(ConsumerGroup Group, long Settles)> _told = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private byte[] _buffer = new byte[64 << 10];
    private int _length;
    private int _rolls;
    private long _next;

    public LogWriter(BrokerCore core, SegmentRoller roller)
    {
        (_core, _roller) = (core, roller);
        _next = core.Files.Head;
        _thread = new Thread(Run) { IsBackground = true, Name = "broker writer" };
    }

    public BrokerCore Core => _core;

    /// <summary>Where the next record goes.</summary>
    public long Next => _next;

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
                _entries.Add(new GroupEntry(owner, index, original, RecordKind.None, [], null, null, 0, 0, IsDuplicate: true));
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
        if (_entries.Count == 0)
        {
            TellWritten();
            return;
        }

        try
        {
            if (_length > 0)
            {
                _roller.Active.Append(_buffer.AsSpan(0, _length));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the failed sync covered is refused for good, even where a later sync would succeed.
            BrokerLog.WriteFailed(_core.Logger, e, _roller.Active.Segment.Path, _entries.Count);
            _roller.Abandon();
            RefuseGroup(Status(e), $"Writing the log failed: {e.Message}");
            return;
        }

        Tell();
    }

    void IRecordOwner.Stored(int index, long offset)
    {
        // Progress that is stored: nobody waits for it.
    }

    void IRecordOwner.Refused(int index, PublishStatus status, string problem) => BrokerLog.ProgressRefused(_core.Logger, problem);

    private static PublishStatus Status(Exception e) =>
        e is IOException { HResult: Posix.NoSpace } ? PublishStatus.DiskFull : PublishStatus.Failed;

    private void Run()
    {
        while (_core.Queue.Take(out var requests, out var moved))
        {
            try
            {
                TryWriteProgress(moved);
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

    /// <summary>Adds the consumers' progress to the group. What found no room before goes first: it is told in the order in which
    /// it was made. False where something found no room.</summary>
    public bool TryWriteProgress(IReadOnlyCollection<ConsumerGroup> moved)
    {
        while (_carried.TryPeek(out var payload) && TryMakeRoom(payload.Length, isEvent: false, out _, out _) && _carried.TryDequeue(out _))
        {
            Put(this, 0, RecordKind.Progress, payload, null, null, 0);
        }

        if (_carried.Count > 0)
        {
            _core.Queue.PutBack(moved);
            return false;
        }

        foreach (var group in moved)
        {
            if (group.TakeProgress() is not { } progress)
            {
                _told.Add((group, group.Told));
                continue;
            }

            var payload = StateCodec.Progress(progress);
            var rolls = _rolls;
            var hasRoom = _carried.Count == 0 && TryMakeRoom(payload.Length, isEvent: false, out _, out _);
            if (_rolls != rolls)
            {
                // The snapshot of the new segment has it, and what moved since: behind that it would take the consumer back.
                group.TellAgain(progress.Ends);
                _told.Add((group, group.Told));
            }
            else if (hasRoom)
            {
                Put(this, 0, RecordKind.Progress, payload, null, null, 0);
                _told.Add((group, group.Told));
            }
            else
            {
                _carried.Enqueue(payload);
                _core.Queue.PutBack([group]);
            }
        }

        return _carried.Count == 0;
    }

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

    private bool TryMakeRoom(int payload, bool isEvent, out PublishStatus status, out string problem)
    {
        (status, problem) = (PublishStatus.DiskFull, "The disk has no room for what consumers did; nothing is accepted before it has.");
        if (isEvent && _carried.Count > 0)
        {
            return false;
        }

        var size = RecordFormat.Size(payload);
        if (_length + size > MaxGroup)
        {
            Commit();
        }

        if (isEvent && _roller.IsLong)
        {
            Commit();
            if (_roller.TryRoll(_next, isEvent, out _, out _))
            {
                _next++;
                _rolls++;
                _carried.Clear();
            }
            else
            {
                _roller.Postpone();
            }
        }

        if (!_roller.Fits(_length + size, isEvent))
        {
            Commit();
            if (_roller.TryRoll(_next, isEvent, out status, out problem))
            {
                _next++;
                _rolls++;
                _carried.Clear();
            }
            else
            {
                return false;
            }
        }

        try
        {
            _roller.Fill(_length + size, isEvent);
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

    private void Put(IRecordOwner owner, int index, RecordKind kind, byte[] payload, Topic? topic, UInt128? digest, long duplicateUntil)
    {
        var size = RecordFormat.Size(payload.Length);
        if (_buffer.Length - _length < size)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
        }

        RecordFormat.Write(_buffer.AsSpan(_length), kind, _next, (int)(_next - _core.Files.Head), payload);
        _length += size;
        _entries.Add(new GroupEntry(owner, index, _next, kind, payload, topic, digest, duplicateUntil, size, IsDuplicate: false));
        if (digest is { } known)
        {
            _core.Duplicates.Add(known, duplicateUntil, _next);
        }

        _next++;
    }

    private void Tell()
    {
        var segment = _roller.Active.Segment;
        var position = segment.EndPosition - _length;
        foreach (var entry in _entries)
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
        foreach (var entry in _entries.Where(static one => one.Topic is not null))
        {
            entry.Topic!.Append(entry.Offset);
            _touched.Add(entry.Topic);
        }

        _core.Files.MoveHead(_next);
        foreach (var entry in _entries)
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

        Clear();
        TellWritten();
        foreach (var group in _touched.SelectMany(static one => one.Groups))
        {
            group.Signal();
        }

        _touched.Clear();
    }

    private void TellWritten()
    {
        _told.ForEach(static one => one.Group.Written(one.Settles));
        _told.Clear();
    }

    private void RefuseGroup(PublishStatus status, string problem)
    {
        var refused = _entries.ToArray();
        Clear();
        _next = _core.Files.Head;
        _told.Clear();
        foreach (var entry in refused)
        {
            if (entry.Digest is { } digest)
            {
                _core.Duplicates.Remove(digest);
            }

            entry.Owner.Refused(entry.Index, status, problem);
        }
    }

    private void Clear()
    {
        _entries.Clear();
        _length = 0;
        if (_buffer.Length > MaxGroup)
        {
            _buffer = new byte[64 << 10];
        }
    }
}
