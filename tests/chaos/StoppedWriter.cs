using System.Diagnostics;
using System.Globalization;

namespace HmsMesh.Chaos.Tests;

/// <summary>Stops whichever process writes the log of a chaos run, by SIGSTOP, once something was published: nobody can take over from
/// one that lives, and nothing is acknowledged any more.</summary>
internal static class StoppedWriter
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static async Task KeepAsync(string data, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            if (Run(data) is { } run && Writer(run) is { } writer && IsOf(writer, run))
            {
                using var stop = Process.Start("kill", ["-s", "STOP", writer.ToString(CultureInfo.InvariantCulture)]);
                await stop.WaitForExitAsync(CancellationToken.None);
            }

            await Task.Delay(Look, TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The run's folder, once something was acknowledged.</summary>
    private static string? Run(string data)
    {
        var chaos = Path.Combine(data, "chaos");
        return Directory.Exists(chaos)
            ? Directory.GetDirectories(chaos).FirstOrDefault(run =>
                Directory.Exists(Path.Combine(run, "published")) && Directory.GetFiles(Path.Combine(run, "published")).Any(static list => new FileInfo(list).Length > 0))
            : null;
    }

    private static int? Writer(string run)
    {
        try
        {
            // Read by another program: .NET would want a lock of its own.
            using var read = Process.Start(new ProcessStartInfo("head", ["-n", "1", Path.Combine(run, "broker", "lock")]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            return int.TryParse(read.StandardOutput.ReadToEnd(), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsOf(int pid, string run)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(run, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
