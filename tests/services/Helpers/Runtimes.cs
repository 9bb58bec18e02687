using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace HmsMesh.Services.Tests.Helpers;

/// <summary>Node and Python, where they are there.</summary>
internal static class Runtimes
{
    private static readonly SemaphoreSlim Installing = new(1, 1);

    public static string Root { get; } =
        typeof(Runtimes).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static string Program(string language) => language == "node" ? "node" : "python3";

    /// <summary>Why a service in this language cannot run here; null where it can.</summary>
    public static async Task<string?> MissingAsync(string language)
    {
        if (!Has(Program(language)))
            return $"{Program(language)} is not there: install it";
        return language == "node" ? await InstallAsync(Path.Combine(Root, "services", "kit", "node")) : null;
    }

    /// <summary>Installs what a folder has from npm, once; returns why that cannot be, or null.</summary>
    public static async Task<string?> InstallAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (Directory.Exists(Path.Combine(folder, "node_modules")))
                return null;
            if (!Has("npm"))
                return "npm is not there: install Node";
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0 ? null : $"npm ci in {folder} failed";
        }
        finally
        {
            Installing.Release();
        }
    }

    private static bool Has(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
