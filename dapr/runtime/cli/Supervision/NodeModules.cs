using System.Security.Cryptography;
using System.Text;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision;

/// <summary>What a service has from npm, as its package-lock.json says: one in Node needs it to run, another serves it and starts without.</summary>
internal static class NodeModules
{
    private static readonly string[] Install = ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Installs them where they are missing or older than the lock file. Returns what keeps the service from running, or null.</summary>
    public static async Task<string?> PrepareAsync(ServicePlan plan, ServiceTools tools, CancellationToken cancellationToken)
    {
        if (!IsNode(plan))
            return null;

        // What services in Node share has packages of its own.
        var shared = Path.Combine(Path.GetDirectoryName(plan.App.Folder)!, "kit", "node");
        return await PrepareAsync(plan, shared, tools, cancellationToken) ?? await PrepareAsync(plan, plan.App.Folder, tools, cancellationToken);
    }

    /// <summary>Installs what a service that is not Node's own has from npm, while it runs. It goes on without where that fails.</summary>
    public static async Task ServeAsync(ServicePlan plan, ServiceTools tools, CancellationToken cancellationToken)
    {
        if (IsNode(plan))
            return;
        try
        {
            if (await PrepareAsync(plan, plan.App.Folder, tools, cancellationToken) is { } missing)
                tools.Report($"{plan.Label} goes on without its packages of npm: {missing}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service is stopped; the next start installs them.
        }
    }

    private static bool IsNode(ServicePlan plan) => plan.App.Command[0] == "node";

    private static async Task<string?> PrepareAsync(ServicePlan plan, string folder, ServiceTools tools, CancellationToken cancellationToken)
    {
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!wanted.Exists)
            return null;
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Another mesh of this clone may be at it.
            using var held = await HoldAsync(folder, tools.Time, cancellationToken);
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{folder} could not be prepared: {e.Message}; mend it and 'mesh restart {plan.Label}'.";
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static async Task<FileStream> HoldAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        var file = Path.Combine(Path.GetTempPath(), $"mesh-npm-{Environment.UserName}-{name}.lock");
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }
    }
}
