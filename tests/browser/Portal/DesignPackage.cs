using System.Diagnostics;
using System.Reflection;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>npm's package of the design system, installed where `mesh up` installs it.</summary>
internal static class DesignPackage
{
    private static readonly string Gateway = Path.Combine(
        typeof(DesignPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "services", "gateway");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Its folder. Without npm or a registry nothing is there, and the portal shows its plain look.</summary>
    public static async Task<string> FolderAsync()
    {
        await Installed.Value;
        return Path.Combine(Gateway, "node_modules", "@uswds", "uswds");
    }

    private static async Task InstallAsync()
    {
        // npm leaves its own lock file in node_modules when an installation is complete.
        var done = new FileInfo(Path.Combine(Gateway, "node_modules", ".package-lock.json"));
        if (done.Exists && done.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Gateway, "package-lock.json")))
            return;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = Gateway })!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            await npm.WaitForExitAsync(patience.Token);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npm here.
        }
    }
}
