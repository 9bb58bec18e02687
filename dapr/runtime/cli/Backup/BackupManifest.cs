namespace HmsMesh.Cli.Backup;

/// <summary>What is in a backup: its last entry, so that a file that was cut short has none.</summary>
internal sealed record BackupManifest(int Version, DateTimeOffset Made, long NextOffset, IReadOnlyList<BackupFile> Files)
{
    public const string Name = "manifest.json";
    public const int Current = 1;
}
