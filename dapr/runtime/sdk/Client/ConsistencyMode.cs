namespace Dapr.Client;

/// <summary>What a read may see.</summary>
public enum ConsistencyMode
{
    /// <summary>What was written some time ago.</summary>
    Eventual,

    /// <summary>What was written last.</summary>
    Strong,
}
