using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Repair;

/// <summary>A file that lies in the folder while a repair changes it. What a killed one leaves may look whole, while its newest snapshot
/// is of what was before: nobody opens it until another repair has gone to its end.</summary>
internal static class RepairMark
{
    public const string Name = "repairing";
    public const string What = "a repair has not gone to its end";

    public static string Path(string folder) => System.IO.Path.Combine(folder, Name);

    public static bool IsThere(string folder) => File.Exists(Path(folder));

    /// <summary>Throws <see cref="BrokerDamagedException"/> where it is there.</summary>
    public static void Refuse(string folder)
    {
        if (IsThere(folder))
        {
            throw new BrokerDamagedException(Path(folder), 0, What);
        }
    }

    public static void Set(string folder)
    {
        Disk.Create(Path(folder)).Dispose();
        Disk.SyncDirectory(folder);
    }

    public static void Clear(string folder)
    {
        Disk.Delete(Path(folder));
        Disk.SyncDirectory(folder);
    }
}
