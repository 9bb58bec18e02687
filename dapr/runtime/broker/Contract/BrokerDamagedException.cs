namespace HmsMesh.Broker;

/// <summary>The log is damaged where something was acknowledged. Nothing is skipped: the folder stays as it is until it is repaired.</summary>
public sealed class BrokerDamagedException(string file, long position, string what)
    : BrokerException($"{file} is damaged at byte {position}: {what}. Nothing was changed; restore the file, or see with 'mesh repair --data {DataOf(file)}' what can be kept.")
{
    /// <summary>The damaged file.</summary>
    public string File { get; } = file;

    /// <summary>The byte in it where the damage begins.</summary>
    public long Position { get; } = position;

    /// <summary>What --data of the commands takes: the data folder that holds a folder `broker`, or a broker's folder of another name.</summary>
    private static string DataOf(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return Path.GetFileName(folder) == "broker" ? Path.GetDirectoryName(folder)! : folder;
    }
}
