using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Broker.Repair;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Backup;

/// <summary>
/// One backup. The order is what loses nothing: 1. how far consumers are; 2. the databases; 3. the events. A consumer that acknowledged
/// an event before 1 has its effect in 2; one that did after 1 gets it again. An event that an outbox of 2 calls sent is in 3.
/// </summary>
internal sealed class BackupRun(MeshContext context, DataFolder data, bool secrets)
{
    public BackupManifest Make(string file, CancellationToken cancellationToken)
    {
        var stage = file + ".partial";
        if (Directory.Exists(stage))
            Directory.Delete(stage, recursive: true);
        Directory.CreateDirectory(stage, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var next = Collect(stage, cancellationToken);
            return Pack(stage, file, next, cancellationToken);
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }
    }

    private long Collect(string stage, CancellationToken cancellationToken)
    {
        var folder = BrokerFolder.Of(data);
        using var log = HasLog(folder) ? BrokerFolder.Told(() => LogBackup.Begin(folder)) : null;
        CopyServices(stage, cancellationToken);
        if (File.Exists(data.State))
            DatabaseCopy.Make(data.State, Path.Combine(stage, "state.db"));
        if (secrets && File.Exists(data.Secrets))
            File.Copy(data.Secrets, Path.Combine(stage, "secrets.json"));
        if (log is null)
            return 1;
        var broker = Directory.CreateDirectory(Path.Combine(stage, "broker")).FullName;
        return BrokerFolder.Told(() =>
        {
            log.Finish(broker, context.Time.GetUtcNow(), cancellationToken);
            return log.Head;
        });
    }

    /// <summary>A log that a repair has not mended to its end may lack its files: it is refused, not left out.</summary>
    private static bool HasLog(string folder) => RepairMark.IsThere(folder) || (Directory.Exists(folder) && Directory.GetFiles(folder, "*.log").Length > 0);

    private void CopyServices(string stage, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(data.Services))
            return;

        // Databases first: a file that a service keeps beside one, such as a document, is there before the row that names it.
        var databases = Files().Where(DatabaseCopy.IsDatabase).ToHashSet(StringComparer.Ordinal);
        foreach (var path in databases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DatabaseCopy.Make(path, To(path));
        }

        foreach (var path in Files().Where(path => !databases.Contains(path)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                File.Copy(path, To(path));
            }
            catch (FileNotFoundException) when (!File.Exists(path))
            {
                // An upload that ended just now; no row names its draft.
            }
        }

        List<string> Files() =>
        [
            .. Directory.EnumerateFiles(data.Services, "*", SearchOption.AllDirectories)
                .Where(static path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal)),
        ];

        string To(string path)
        {
            var to = Path.Combine(stage, "services", Path.GetRelativePath(data.Services, path));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            return to;
        }
    }

    /// <summary>Under another name until it is whole and on disk.</summary>
    private BackupManifest Pack(string stage, string file, long next, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        var unfinished = Path.Combine(stage, "pack");
        using (var output = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            using (var zipped = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            using (var tar = new TarWriter(zipped, TarEntryFormat.Pax))
            {
                foreach (var path in Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories).Where(path => path != unfinished).Order(StringComparer.Ordinal))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var name = Path.GetRelativePath(stage, path);
                    using (var content = File.OpenRead(path))
                        files.Add(new BackupFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
                    tar.WriteEntry(path, name);
                }

                var manifest = new BackupManifest(BackupManifest.Current, context.Time.GetUtcNow(), next, files);
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Name)
                {
                    DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest)),
                });
                Finished = manifest;
            }

            output.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file);
        return Finished;
    }

    private BackupManifest Finished { get; set; } = new(BackupManifest.Current, default, 1, []);
}
