namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>What a run was asked for.</summary>
internal sealed record PayoutPlan
{
    public required int Claims { get; init; }

    public required int Seed { get; init; }

    /// <summary>Claims that are posted side by side.</summary>
    public required int Lanes { get; init; }

    /// <summary>So long nothing may move before the run counts what there is.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Nothing is killed.</summary>
    public required bool IsCalm { get; init; }

    /// <summary>The bank forgets under which keys it took entries.</summary>
    public required bool HasForgetfulBank { get; init; }

    /// <summary>The books are made wrong before they are counted, to see that it is found.</summary>
    public required bool IsTampered { get; init; }

    /// <summary>How many kills must have been before the claim of this number, from 0, is posted. None, but for the last few: each of
    /// these waits for a kill more, so that a run which is over in a moment kills everybody too.</summary>
    public int KillsBefore(int number) => IsCalm ? 0 : Math.Max(0, number + 1 - (Claims - PayoutKills.Victims.Count));
}
