using HmsMesh.Broker.Native;

namespace HmsMesh.Cli.Data;

/// <summary>One mesh a data folder.</summary>
internal static class FolderLock
{
    public static ProcessLock Take(DataFolder data)
    {
        try
        {
            return ProcessLock.TryTake(data.Lock, out var holder) ?? throw new MeshException(
                $"a mesh is running on {data.Path} already{(holder is { } pid ? $" (process {pid})" : "")}; 'mesh status' shows it, "
                + "'mesh down' ends it, --data DIR runs another beside it.",
                ExitCode.Taken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"{data.Lock} can't be opened: {problem.Message}");
        }
    }

    /// <summary>The right to take the broker's folder away: sidecars that were started by themselves hold no lock but the broker's. Null
    /// where there is no broker.</summary>
    public static ProcessLock? TakeBroker(DataFolder data)
    {
        var folder = Path.Combine(data.Path, "broker");
        if (!Directory.Exists(folder))
            return null;
        return ProcessLock.TryTake(Path.Combine(folder, "lock"), out var holder) ?? throw new MeshException(
            $"process {holder?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(unknown)"} writes in {folder}, perhaps a 'mesh sidecar'; end it first.",
            ExitCode.Taken);
    }

    /// <summary>Whether a mesh runs on the folder now.</summary>
    public static bool IsHeld(DataFolder data) => ProcessLock.IsHeld(data.Lock);
}
