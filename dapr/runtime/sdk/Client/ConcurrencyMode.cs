namespace Dapr.Client;

/// <summary>Who wins where two write the same key.</summary>
public enum ConcurrencyMode
{
    /// <summary>Whoever came first: a write is refused where another version is there.</summary>
    FirstWrite,

    /// <summary>Whoever came last.</summary>
    LastWrite,
}
