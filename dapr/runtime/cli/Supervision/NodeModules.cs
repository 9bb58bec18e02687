using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision;

/// <summary>What a service in Node needs from npm, as its package-lock.json says.</summary>
internal static class NodeModules
{
    private static readonly string[] Install = ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Installs them where they are missing or older than the lock file. Returns what keeps the service from running, or null.</summary>
    public static async Task<string?> PrepareAsync(ServicePlan plan, ServiceTools tools, CancellationToken cancellationToken)
    {
        if (plan.App.Command[0] != "node")
            return null;

        // What services in Node share has packages of its own.
        var shared = Path.Combine(Path.GetDirectoryName(plan.App.Folder)!, "kit", "node");
        return await PrepareAsync(plan, shared, tools, cancellationToken) ?? await PrepareAsync(plan, plan.App.Folder, tools, cancellationToken);
    }

    private static async Task<string?> PrepareAsync(ServicePlan plan, string folder, ServiceTools tools, CancellationToken cancellationToken)
    {
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!wanted.Exists)
            return null;
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            installed.Refresh();
            if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
                return null;
            if (ProgramPath.Find(Install[0]) is null)
                return $"'npm' is not on the PATH and {folder} lacks its packages; install Node with npm and 'mesh restart {plan.Label}'.";
            tools.Report($"{plan.Label}: npm installs the packages of {folder}");
            var said = new List<string>();
            using var npm = Child.Start(Install, folder, new Dictionary<string, string>(), line =>
            {
                lock (said)
                    said.Add(line);
            });
            await using var stopped = cancellationToken.Register(npm.Kill);
            var code = await npm.Ended;
            cancellationToken.ThrowIfCancellationRequested();
            if (code != 0)
                return $"'npm ci' in {folder} failed ({code}): {said.LastOrDefault()}; mend it and 'mesh restart {plan.Label}'.";
            File.SetLastWriteTimeUtc(installed.FullName, wanted.LastWriteTimeUtc);
            return null;
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}
