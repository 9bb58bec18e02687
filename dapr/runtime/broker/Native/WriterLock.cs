namespace HmsMesh.Broker.Native;

/// <summary>The right to write in a broker folder.</summary>
internal static class WriterLock
{
    /// <summary>Takes the lock, or throws naming the process that has it.</summary>
    public static ProcessLock Take(string folder) =>
        ProcessLock.TryTake(Path.Combine(folder, "lock"), out var holder) ?? throw new BrokerLockedException(folder, holder);
}
