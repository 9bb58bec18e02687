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
        var wanted = new FileInfo(Path.Combine(plan.App.Folder, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(plan.App.Folder, "node_modules", ".package-lock.json"));
        if (!wanted.Exists)
            return null;
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            installed.Refresh();
            if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
                return null;
            if (ProgramPath.Find(Install[0]) is null)
                return $"'npm' is not on the PATH and {plan.App.Folder} lacks its packages; install Node with npm and 'mesh restart {plan.Label}'.";
            tools.Report($"{plan.Label}: npm installs its packages");
            var said = new List<string>();
            using var npm = Child.Start(Install, plan.App.Folder, new Dictionary<string, string>(), line =>
            {
                lock (said)
                    said.Add(line);
            });
            await using var stopped = cancellationToken.Register(npm.Kill);
            var code = await npm.Ended;
            cancellationToken.ThrowIfCancellationRequested();
            if (code != 0)
                return $"'npm ci' in {plan.App.Folder} failed ({code}): {said.LastOrDefault()}; mend it and 'mesh restart {plan.Label}'.";
            File.SetLastWriteTimeUtc(installed.FullName, wanted.LastWriteTimeUtc);
            return null;
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}
