namespace HmsMesh.Cli.Backup;

/// <param name="Name">Its path below the data folder.</param>
internal sealed record BackupFile(string Name, long Size, string Sha256);
