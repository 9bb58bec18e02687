namespace HmsMesh.Bank.Modes;

/// <summary>How the simulator behaves.</summary>
internal enum BankMode
{
    /// <summary>As a bank should.</summary>
    Ok,

    /// <summary>Answers 503 and does nothing.</summary>
    Fail,

    /// <summary>Answers late.</summary>
    Slow,

    /// <summary>Takes entries and never answers anything.</summary>
    Silent,

    /// <summary>Takes entries and returns them (R01) after a while.</summary>
    Return,

    /// <summary>Takes an entry again that it has, as it heeds no idempotency keys.</summary>
    Forgetful,
}
