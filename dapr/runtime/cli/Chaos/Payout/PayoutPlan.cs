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

    /// <summary>So many kills belong to the run; the claims are spread over them.</summary>
    public int LeastKills => IsCalm ? 0 : Math.Clamp(Claims / 30, PayoutKills.Victims.Count, 40);

    /// <summary>How many kills must have been before the claim of this number, from 0, is posted.</summary>
    public int KillsBefore(int number) => (int)((long)LeastKills * number / (Claims - 1));
}
