namespace HmsMesh.Cli.Chaos.Power;

/// <summary>
/// What is on the disk after a cut of the power between two changes. Synced data is there. What was written since a file's last sync
/// is there or not, sector by sector, whatever came later; names made, moved or removed since the directory's last sync are there
/// or not: in half of the cuts as a journaling file system keeps them (a beginning of them), in the others any of them.
/// </summary>
internal static class PowerCut
{
    /// <param name="lie">The disk says "synced" and does nothing: to see that loss is found.</param>
    public static DiskImage Rebuild(DiskJournal journal, int cut, Random random, bool lie)
    {
        var files = new Dictionary<int, DiskFile>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, bytes) in journal.Start.Files)
        {
            files[files.Count] = new DiskFile((byte[])bytes.Clone());
            names[name] = names.Count;
        }

        var renamed = new List<DiskOp>();
        foreach (var op in journal.Ops.Take(cut))
        {
            switch (op.Kind)
            {
                case DiskOpKind.Create:
                    files[op.File] = new DiskFile([]);
                    renamed.Add(op);
                    break;
                case DiskOpKind.Move or DiskOpKind.Delete:
                    renamed.Add(op);
                    break;
                case DiskOpKind.SyncedDirectory:
                    renamed.ForEach(one => Rename(names, one));
                    renamed.Clear();
                    break;
                case DiskOpKind.Syncing when !lie:
                    files[op.File].BeginSync();
                    break;
                case DiskOpKind.Synced when !lie:
                    files[op.File].EndSync();
                    break;
                case DiskOpKind.Write or DiskOpKind.Resize:
                    files[op.File].Change(op);
                    break;
            }
        }

        var isJournaled = random.Next(2) == 0;
        var kept = random.Next(renamed.Count + 1);
        for (var i = 0; i < renamed.Count; i++)
        {
            if (isJournaled ? i < kept : random.Next(2) == 0)
            {
                Rename(names, renamed[i]);
            }
        }

        return new DiskImage(names.OrderBy(static one => one.Key, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, one => files[one.Value].Cut(random), StringComparer.Ordinal));
    }

    private static void Rename(Dictionary<string, int> names, DiskOp op)
    {
        if (names.TryGetValue(op.Name, out var there) && there == op.File && op.Kind != DiskOpKind.Create)
        {
            names.Remove(op.Name);
        }

        if (op.Kind != DiskOpKind.Delete)
        {
            names[op.Kind == DiskOpKind.Move ? op.To : op.Name] = op.File;
        }
    }
}
