namespace HmsMesh.Cli.Chaos.Power;

internal enum DiskOpKind
{
    Create,
    Write,
    Resize,
    Syncing,
    Synced,
    Move,
    Delete,
    SyncedDirectory,
}
