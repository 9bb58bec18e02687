namespace HmsMesh.Cli.Chaos.Power;

/// <summary>What a run of power cuts counted. Everything is counted anew after each cut.</summary>
internal sealed class PowerCounts
{
    public long Cuts { get; set; }

    public long Acknowledged { get; set; }

    public long Found { get; set; }

    /// <summary>Past the retention, and handled by every consumer before.</summary>
    public long Trimmed { get; set; }

    public long Delivered { get; set; }

    public long DeadLetters { get; set; }

    /// <summary>Handled before an orderly close.</summary>
    public long ProgressKept { get; set; }

    public long Lost { get; set; }
}
