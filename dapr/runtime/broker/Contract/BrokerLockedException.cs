using System.Globalization;

namespace HmsMesh.Broker;

/// <summary>Another process holds the folder and can't share it.</summary>
public sealed class BrokerLockedException(string folder, int? pid, string why)
    : BrokerException(
        $"The broker folder {folder} is in use by process {pid?.ToString(CultureInfo.InvariantCulture) ?? "(unknown)"}, and can't be shared with it: "
        + $"{why}. Stop that process, or name another folder.")
{
    /// <summary>The process that holds it, where its lock file tells.</summary>
    public int? Pid { get; } = pid;
}
