namespace Dapr.Client;

/// <summary>How state is written.</summary>
public class StateOptions
{
    /// <summary>What others may see of it; null: as the store has it.</summary>
    public ConsistencyMode? Consistency { get; set; }

    /// <summary>Who wins; null: as the store has it.</summary>
    public ConcurrencyMode? Concurrency { get; set; }
}
