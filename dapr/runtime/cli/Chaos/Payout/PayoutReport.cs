namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>What a run counted.</summary>
internal sealed record PayoutReport
{
    public required int Seed { get; init; }

    /// <summary>From the first form to the last payment.</summary>
    public required double Seconds { get; init; }

    /// <summary>By whom was killed.</summary>
    public required IReadOnlyDictionary<string, int> Kills { get; init; }

    public required int Posted { get; init; }

    /// <summary>Forms that had another answer than 201, or none, and were sent again.</summary>
    public required int SentAgain { get; init; }

    public required int Approved { get; init; }

    public required int Denied { get; init; }

    /// <summary>Decided once, in the database and in the log, as the rules say.</summary>
    public required int Decided { get; init; }

    /// <summary>Approved claims with one payment, one credit at the bank and one event.</summary>
    public required int Paid { get; init; }

    /// <summary>Payments that were tried more than once.</summary>
    public required int TriedAgain { get; init; }

    public required int BankEntries { get; init; }

    public required long BankCents { get; init; }

    /// <summary>What the ledger of payments says was paid.</summary>
    public required long LedgerCents { get; init; }

    public int? AchEntries { get; init; }

    public long? AchCents { get; init; }

    /// <summary>Null where the notifier does not run here.</summary>
    public MailSums? Mails { get; init; }

    public string? MailsSkipped { get; init; }

    /// <summary>Paid claims for each second from the first form to the last payment.</summary>
    public required double PaidPerSecond { get; init; }

    /// <summary>From the form's first sending to payment.sent.</summary>
    public long? P50Ms { get; init; }

    public long? P99Ms { get; init; }

    /// <summary>Everything that is not as it must be, a hundred of it at most.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }
}
