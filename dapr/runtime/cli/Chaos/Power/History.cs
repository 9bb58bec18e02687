namespace HmsMesh.Cli.Chaos.Power;

/// <summary>What publishers and handlers know, in its order, each with the number of changes on disk by then: what they know at a
/// cut is what was noted before it.</summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<(int At, Acknowledged What)> _acknowledged = [];
    private readonly List<(int At, Handed What)> _handed = [];
    private readonly List<(int At, Sent What)> _sent = [];
    private readonly List<(int At, int Handed)> _settled = [];

    public Func<int> Clock { private get; set; } = static () => -1;

    public void Note(Sent what) => Note(_sent, what);

    public void Note(Acknowledged what) => Note(_acknowledged, what);

    public void Note(Handed what) => Note(_handed, what);

    /// <summary>The broker has closed in order: what was handled by now is never handed out again.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            _settled.Add((Clock(), _handed.Count));
        }
    }

    /// <summary>What was known before a change on disk.</summary>
    public History Before(int cut)
    {
        var known = new History();
        lock (_gate)
        {
            Copy(_acknowledged, known._acknowledged, cut);
            Copy(_sent, known._sent, cut);
            Copy(_handed, known._handed, cut);
            if (_settled.Where(one => one.At <= cut).Select(static one => one.Handed).DefaultIfEmpty(0).Max() is > 0 and var settled)
            {
                known._settled.Add((-1, settled));
            }
        }

        return known;
    }

    public IReadOnlyList<Acknowledged> AllAcknowledged()
    {
        lock (_gate)
        {
            return [.. _acknowledged.Select(static one => one.What)];
        }
    }

    public IReadOnlyList<Handed> AllHanded()
    {
        lock (_gate)
        {
            return [.. _handed.Select(static one => one.What)];
        }
    }

    /// <summary>What was handled before the last orderly close.</summary>
    public HashSet<(string Consumer, long Offset)> Settled()
    {
        lock (_gate)
        {
            var count = _settled.Select(static one => one.Handed).DefaultIfEmpty(0).Max();
            return [.. _handed.Take(count).Select(static one => one.What).Where(static one => one.Done).Select(static one => (one.Consumer, one.Offset))];
        }
    }

    /// <summary>Sent, and never answered: a publisher sends these again, first of all.</summary>
    public IReadOnlyList<Sent> Unanswered()
    {
        lock (_gate)
        {
            var answered = _acknowledged.Select(static one => one.What.Text).ToHashSet(StringComparer.Ordinal);
            return [.. _sent.Select(static one => one.What).Where(one => !answered.Contains(one.Text)).DistinctBy(static one => one.Text)];
        }
    }

    private void Note<T>(List<(int At, T What)> list, T what)
    {
        lock (_gate)
        {
            list.Add((Clock(), what));
        }
    }

    private static void Copy<T>(List<(int At, T What)> from, List<(int At, T What)> to, int cut) =>
        to.AddRange(from.TakeWhile(one => one.At <= cut).Select(static one => (-1, one.What)));
}
