using System.CommandLine;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Restore;

/// <summary>`mesh restore`: brings a backup back.</summary>
internal static class RestoreCommand
{
    public static Command Create(MeshContext context)
    {
        var file = new Argument<string>("FILE") { Description = "What 'mesh backup' made." };
        var replace = new Option<bool>("--replace") { Description = "Also where data is there: that is set aside, in the data folder." };
        var data = SharedOptions.Data();
        var command = new Command("restore", "Bring back a backup into an empty data folder, after a check of every byte. The mesh must be down.") { file, replace, data };
        command.SetAction((parsed, cancellationToken) =>
        {
            var to = DataFolder.At(context.Root, parsed.GetValue(data));
            var from = Path.GetFullPath(parsed.GetValue(file)!);
            if (!File.Exists(from))
                throw new MeshException($"there is no file {from}.", ExitCode.Usage);
            to.Prepare();
            using var held = FolderLock.Take(to);
            using var broker = FolderLock.TakeBroker(to);
            var run = new RestoreRun(context, to);
            if (run.InTheWay is { Count: > 0 } there && !parsed.GetValue(replace))
                throw new MeshException($"{to.Path} has data already ({string.Join(", ", there.Select(Path.GetFileName))}); --replace sets it aside, --data DIR names another folder.", ExitCode.Usage);
            var manifest = run.Run(from, cancellationToken);
            context.Error.WriteLine($"mesh: {manifest.Files.Count} files of {manifest.Made.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z are back in {to.Path}; 'mesh up' goes on with them");
            if (run.Aside is { } aside)
                context.Error.WriteLine($"mesh: what was there is in {aside}; remove that folder when you need it no more");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
