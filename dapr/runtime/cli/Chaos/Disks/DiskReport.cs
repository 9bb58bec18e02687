namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>What a run counted.</summary>
internal sealed class DiskReport
{
    public int Seed { get; init; }

    /// <summary>What was full.</summary>
    public string Disk { get; set; } = "";

    public int TimesFull { get; set; }

    public int Acknowledged { get; set; }

    public int Found { get; set; }

    /// <summary>Publishes refused because the disk was full.</summary>
    public int Refused { get; set; }

    public int HandledWhileFull { get; set; }

    public int Damages { get; set; }

    /// <summary>In what was never written, or in a copy of what is there twice: all events and all progress are as before.</summary>
    public int Harmless { get; set; }

    /// <summary>Refused when the folder was opened, file and byte named.</summary>
    public int RefusedAtOpening { get; set; }

    /// <summary>Refused when the record was read, file and byte named.</summary>
    public int RefusedAtReading { get; set; }

    /// <summary>Of the refused, those that `mesh repair` mended with a true account of the loss.</summary>
    public int Mended { get; set; }

    /// <summary>Events that were lost to damage, each of them named by the repair.</summary>
    public int LostInRepair { get; set; }

    public List<string> Wrong { get; } = [];
}
