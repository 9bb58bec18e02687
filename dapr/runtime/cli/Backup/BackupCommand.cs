using System.CommandLine;
using System.Text.Json;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Backup;

/// <summary>`mesh backup`: the broker and the services' databases in one file, while they run.</summary>
internal static class BackupCommand
{
    public static Command Create(MeshContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A new file, such as mesh.tar.gz. It holds the services' data: keep it as safe as them." };
        var secrets = new Option<bool>("--secrets") { Description = "With the secret store's file. Tokens never: the next 'up' makes them." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("backup", "Copy the broker and the services' SQLite databases to a file, while the mesh runs or while it doesn't.") { file, secrets, json, data };
        command.SetAction((parsed, cancellationToken) =>
        {
            var from = DataFolder.At(context.Root, parsed.GetValue(data));
            var to = Path.GetFullPath(parsed.GetValue(file)!);
            if (!Directory.Exists(from.Path))
                throw new MeshException($"there is no data folder {from.Path}; --data DIR names another.");
            if (File.Exists(to) || Directory.Exists(to))
                throw new MeshException($"{to} is there already; name a new file.", ExitCode.Usage);
            if (!Directory.Exists(Path.GetDirectoryName(to)))
                throw new MeshException($"there is no folder {Path.GetDirectoryName(to)}.", ExitCode.Usage);
            var made = new BackupRun(context, from, parsed.GetValue(secrets)).Make(to, cancellationToken);
            if (parsed.GetValue(json))
                context.Out.WriteLine(JsonSerializer.Serialize(made, BackupJson.Default.BackupManifest));
            context.Error.WriteLine($"mesh: {made.Files.Count} files, {Show.Bytes(made.Files.Sum(static one => one.Size))}, are in {to}; 'mesh restore' brings them back");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
