namespace HmsMesh.Broker;

/// <summary>Another broker holds the folder.</summary>
public sealed class BrokerLockedException(string folder, int? pid)
    : BrokerException($"The broker folder {folder} is in use by process {pid?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(unknown)"}; stop it, or name another folder.")
{
    /// <summary>The process that holds it, where its lock file tells.</summary>
    public int? Pid { get; } = pid;
}
