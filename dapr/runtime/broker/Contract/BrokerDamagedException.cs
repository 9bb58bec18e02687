namespace HmsMesh.Broker;

/// <summary>The log is damaged where something was acknowledged. Nothing is skipped: the folder stays as it is until it is repaired.</summary>
public sealed class BrokerDamagedException(string file, long position, string what)
    : BrokerException($"{file} is damaged at byte {position}: {what}. Nothing was changed; restore the file, or see with 'mesh repair' what can be kept.")
{
    /// <summary>The damaged file.</summary>
    public string File { get; } = file;

    /// <summary>The byte in it where the damage begins.</summary>
    public long Position { get; } = position;
}
