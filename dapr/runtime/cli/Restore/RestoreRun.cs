using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Broker.Native;
using HmsMesh.Cli.Backup;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Restore;

/// <summary>One restore: unpacked beside, every byte checked, then moved into place.</summary>
internal sealed class RestoreRun(MeshContext context, DataFolder data)
{
    private const int ManifestBytes = 16 << 20;
    private static readonly string[] Parts = ["broker", "services", "state.db", "secrets.json"];

    /// <summary>What a backup holds that is there already.</summary>
    public IReadOnlyList<string> InTheWay => [.. Parts.Where(part => part != "secrets.json").Select(part => Path.Combine(data.Path, part))
        .Where(static path => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))];

    /// <summary>Where the last run set aside what was there; null: nothing was.</summary>
    public string? Aside { get; private set; }

    public BackupManifest Run(string file, CancellationToken cancellationToken)
    {
        if (!IsPacked(file))
            throw new MeshException($"{file} is no backup: 'mesh backup FILE' makes one, packed by gzip. Nothing was changed.", ExitCode.Usage);
        var stage = Path.Combine(data.Path, "restoring");
        if (Directory.Exists(stage))
            Directory.Delete(stage, recursive: true);
        Directory.CreateDirectory(stage, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var manifest = Unpack(file, stage, cancellationToken);
            CheckLog(stage, cancellationToken);
            foreach (var folder in Directory.EnumerateDirectories(stage, "*", SearchOption.AllDirectories).Prepend(stage))
                Disk.SyncDirectory(folder);
            MoveIn(stage);
            return manifest;
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new MeshException($"{file} is no whole backup: {problem.Message.TrimEnd('.')}. Nothing was changed.");
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }
    }

    private static bool IsPacked(string file)
    {
        using var input = File.OpenRead(file);
        return input.ReadByte() == 0x1F && input.ReadByte() == 0x8B;
    }

    private static BackupManifest Unpack(string file, string stage, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        BackupManifest? manifest = null;
        using var input = File.OpenRead(file);
        using var unzipped = new GZipStream(input, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Name == BackupManifest.Name && entry.Length <= ManifestBytes && entry.DataStream is { } told)
                manifest = JsonSerializer.Deserialize(told, BackupJson.Default.BackupManifest);
            else
                found.Add(entry.Name, Write(entry, stage));
        }

        // To the end of the packed stream, whose checksum stands there.
        unzipped.CopyTo(Stream.Null);
        if (manifest is not { Version: BackupManifest.Current })
            throw new InvalidDataException(manifest is null ? "it has no list of its files" : $"it is of version {manifest.Version}, and this mesh reads {BackupManifest.Current}");
        foreach (var one in manifest.Files)
        {
            if (!found.Remove(one.Name, out var there) || there != one)
                throw new InvalidDataException($"{one.Name} is missing, or not as it was written");
        }

        return found.Count == 0 ? manifest : throw new InvalidDataException($"{found.Keys.First()} is not in the list of its files");
    }

    private static BackupFile Write(TarEntry entry, string stage)
    {
        var path = Path.GetFullPath(Path.Combine(stage, entry.Name));
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !path.StartsWith(stage + "/", StringComparison.Ordinal)
            || !Parts.Contains(entry.Name.Split('/')[0]))
            throw new InvalidDataException($"'{entry.Name}' is nothing that a backup holds");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var output = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            entry.DataStream?.CopyTo(output);
            output.Flush(flushToDisk: true);
        }

        using var content = File.OpenRead(path);
        return new BackupFile(entry.Name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static void CheckLog(string stage, CancellationToken cancellationToken)
    {
        var broker = Path.Combine(stage, "broker");
        if (!Directory.Exists(broker))
            return;
        using var view = BrokerFolder.Told(() => LogView.Open(broker));
        BrokerFolder.Told(() => view.Topics(cancellationToken));
    }

    /// <summary>What was there is set aside, not deleted. A mark on the disk tells until the end that parts of both may lie here.</summary>
    private void MoveIn(string stage)
    {
        AtomicFile.Write(data.Restoring, "a restore was cut off here; run it again with --replace\n"u8);
        var aside = Path.Combine(data.Path, "before-restore-" + context.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        foreach (var part in Parts)
        {
            var (from, to) = (Path.Combine(stage, part), Path.Combine(data.Path, part));
            var comes = File.Exists(from) || Directory.Exists(from);
            if ((comes || part != "secrets.json") && (File.Exists(to) || Directory.Exists(to)))
            {
                Directory.CreateDirectory(aside);
                Aside = aside;
                foreach (var old in new[] { to, to + "-wal", to + "-shm" }.Where(static path => File.Exists(path) || Directory.Exists(path)))
                    Directory.Move(old, Path.Combine(aside, Path.GetFileName(old)));
            }

            if (comes)
                Directory.Move(from, to);
        }

        Disk.SyncDirectory(data.Path);
        Disk.Delete(data.Restoring);
        Disk.SyncDirectory(data.Path);
    }
}
