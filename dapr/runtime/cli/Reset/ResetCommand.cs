using System.CommandLine;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Reset;

/// <summary>`mesh reset`: empties the data folder.</summary>
internal static class ResetCommand
{
    public static Command Create(MeshContext context)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask." };
        var data = SharedOptions.Data();
        var command = new Command("reset", "Empty the data folder: events, the services' data, logs, ports and tokens.") { yes, data };
        command.SetAction((parsed, _) => Task.FromResult(Run(context, DataFolder.At(context.Root, parsed.GetValue(data)), parsed.GetValue(yes))));
        return command;
    }

    private static int Run(MeshContext context, DataFolder data, bool yes)
    {
        if (!Directory.Exists(data.Path))
        {
            context.Error.WriteLine($"mesh: {data.Path} is not there; nothing to do");
            return ExitCode.Done;
        }

        if (!Directory.Exists(data.Run))
            throw new MeshException($"{data.Path} was not made by a mesh; it is left as it is.", ExitCode.Usage);

        // Held until the end, so that no mesh starts meanwhile.
        using var held = FolderLock.Take(data);
        using var broker = FolderLock.TakeBroker(data);
        if (Mounts.Below(data.Path) is [var mount, ..])
            throw new MeshException($"a file system is mounted on {mount}, which a killed 'mesh chaos disk' may have left there; nothing was removed. Run 'umount {mount}' and this again.");
        if (!yes && !Agreed(context, data))
        {
            context.Error.WriteLine("mesh: nothing was removed");
            return ExitCode.Failed;
        }

        foreach (var entry in new DirectoryInfo(data.Path).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }

        context.Error.WriteLine($"mesh: {data.Path} is empty");
        return ExitCode.Done;
    }

    private static bool Agreed(MeshContext context, DataFolder data)
    {
        context.Error.Write($"Remove all events, data, logs, ports and tokens in {data.Path}? [y/N] ");
        context.Error.Flush();
        return context.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
