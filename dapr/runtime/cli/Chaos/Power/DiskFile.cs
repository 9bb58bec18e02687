namespace HmsMesh.Cli.Chaos.Power;

/// <summary>A file as the disk has it, and what was changed since its last sync.</summary>
internal sealed class DiskFile(byte[] durable)
{
    private readonly List<DiskOp> _pending = [];
    private byte[] _bytes = durable;
    private int _length = durable.Length;
    private int _syncing;

    public void Change(DiskOp op) => _pending.Add(op);

    public void BeginSync() => _syncing = _pending.Count;

    /// <summary>What was changed before the sync began is durable.</summary>
    public void EndSync()
    {
        foreach (var op in _pending.Take(_syncing))
        {
            Apply(op, 0, op.Bytes?.Length ?? 0);
        }

        _pending.RemoveRange(0, _syncing);
        _syncing = 0;
    }

    /// <summary>What a power cut leaves: of each change since the last sync all, nothing, or some of its sectors.</summary>
    public byte[] Cut(Random random)
    {
        var survival = random.Next(4) switch { 0 => 0.0, 1 => 1.0, 2 => 0.5, _ => random.NextDouble() };
        var sector = random.Next(2) == 0 ? 512 : 4096;
        foreach (var op in _pending)
        {
            if (op.Kind == DiskOpKind.Resize)
            {
                if (random.NextDouble() < survival)
                {
                    Apply(op, 0, 0);
                }

                continue;
            }

            var torn = random.Next(2) == 0;
            var whole = random.NextDouble() < survival;
            for (int at = 0, end; at < op.Bytes!.Length; at = end)
            {
                end = (int)Math.Min(op.Bytes.Length, ((op.Position + at) / sector * sector) + sector - op.Position);
                if (torn ? random.NextDouble() < survival : whole)
                {
                    Apply(op, at, end - at);
                }
            }
        }

        _pending.Clear();
        return _bytes[.._length];
    }

    private void Apply(DiskOp op, int from, int count)
    {
        if (op.Kind == DiskOpKind.Resize)
        {
            Size((int)op.Position);
            return;
        }

        var at = (int)op.Position + from;
        if (at + count > _length)
        {
            Size(at + count);
        }

        op.Bytes.AsSpan(from, count).CopyTo(_bytes.AsSpan(at));
    }

    private void Size(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }

        if (length < _length)
        {
            _bytes.AsSpan(length, _length - length).Clear();
        }

        _length = length;
    }
}
