namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>What a run counted, from the published lists and from what handlers wrote down.</summary>
internal sealed record KillReport
{
    public required int Seed { get; init; }

    public required double Seconds { get; init; }

    public required int SidecarKills { get; init; }

    public required int ServiceKills { get; init; }

    /// <summary>Of the sidecars that were killed, those that wrote the log then.</summary>
    public required int WriterKills { get; init; }

    /// <summary>Publishes that had another answer than acceptance, or none, and were sent again.</summary>
    public required int SentAgain { get; init; }

    public required int Acknowledged { get; init; }

    /// <summary>Of the acknowledged, how many are in the log.</summary>
    public required int Found { get; init; }

    public required int Lost { get; init; }

    /// <summary>Of the acknowledged, how many each of the consumers was handed at least once, added up over the consumers.</summary>
    public required int Delivered { get; init; }

    public required int DeliveredOf { get; init; }

    /// <summary>Deliveries beyond the first.</summary>
    public required int DeliveredAgain { get; init; }

    public required int DeadLetters { get; init; }

    public required int DeadLettersOf { get; init; }

    /// <summary>Everything that is not as it must be, a hundred of the numbers at most.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }
}
